"""Lists for several people, one after the other: what is kept of one is nobody else's (UI-2, ORG-13)."""

import re

from django.template import Engine
from django.test import Client

from accounts.users.models import User
from organizations.access.roles import Role
from organizations.profile.models import Organization
from tests.factories.cast import client_of, make_member, make_person, make_tenant
from tests.factories.products import make_plan, make_product

TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+|(?<=name="csrf-token" content=")[^"]+')


def _ask(page: Client, organization: Organization, query: str) -> str:
    answer = page.get(f"/o/{organization.pk}/products/{query}")
    assert answer.status_code == 200
    return TOKEN.sub("", answer.content.decode())


def _forget() -> None:
    for loader in Engine.get_default().template_loaders:
        loader.reset()


def test_are_the_same_whoever_asked_before(owner: User, organization: Organization) -> None:
    """People with other rights, languages, themes and organizations: each page as drawn for it alone."""
    stranger = make_person("Zoe Other", language="de", theme="dark")
    other = make_tenant(stranger, name="Zeta AG")
    plan = make_plan()
    make_product(organization, name="alpha.example", plan=plan)
    make_product(other, name="zeta.example", plan=plan)
    member = make_member(organization, Role.COLLABORATOR)
    asked = [
        (client_of(person), place, query)
        for person, place in ((owner, organization), (member, organization), (stranger, other))
        for query in ("", "?q=no-such-name")
    ]
    alone = []
    for one in asked:
        _forget()
        alone.append(_ask(*one))
    _forget()
    assert [_ask(*one) for one in asked + asked[::-1]] == alone + alone[::-1]
    assert len(set(alone)) == len(alone)
    for number, text in enumerate(alone):
        names = ("Alice Meier", "Bob Rossi", "Zoe Other")
        assert [name in text for name in names] == [name == names[number // 2] for name in names]
    assert ["alpha.example" in text for text in alone] == [True] + [False] * 5
    assert ["zeta.example" in text for text in alone] == [False] * 4 + [True, False]
