"""Ask the pages of shop and orders."""

from html import unescape

from django.urls import reverse

from manager.kit.scope import tenant_scope


def url(name, organization, *args):
    return reverse(f"billing:{name}", args=[organization.pk, *args])


def count(organization, model):
    with tenant_scope(organization.pk):
        return model.objects.count()


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content[:600]
    return unescape(answer.content.decode()).replace("\xa0", " ")
