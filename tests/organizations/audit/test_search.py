"""What is shown of an event is found by it, in the reader's language (ORG-16, UI-4)."""

import pytest
from django.conf import settings
from django.utils import translation

from accounts.users.models import User
from billing.disputes.models import Dispute
from billing.refunds.models import Refund
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.audit.labels import LABELS
from organizations.audit.models import AuditEvent
from organizations.audit.selectors import list_audit
from organizations.audit.services import record_audit
from tests.factories.cast import AT, client_of, make_tenant
from tests.factories.members import first_representative
from tests.factories.orders import make_order
from tests.factories.tokens import token_client

SYSTEM = Actor.system("test")
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def organization():
    return make_tenant(name="Example AG")


def note(organization, name, subject=None, *, actor=SYSTEM, **data):
    with tenant_scope(organization.pk):
        return record_audit(
            organization_id=organization.pk, name=name, actor=actor, at=AT, subject=subject, **data
        )


def read_in(organization, language):
    """Return a browser whose reader speaks a language."""
    reader = first_representative(organization).user
    User.objects.filter(pk=reader.pk).update(language=language)
    return client_of(reader)


def found(client, organization, words):
    rows = client.get(f"/o/{organization.pk}/activity/", {"q": words}).context["rows"]
    return [event.name for event, _label, _subject in rows]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "product RENAMED"),
        ("de", "produkt umbenannt"),
        ("fr", "PRODUIT renommé"),
        ("it", "prodotto rinominato"),
        ("es", "nombre del producto"),
    ],
)
def test_an_event_is_found_by_what_it_is_called(organization, language, words):
    """ORG-16: by parts of words, in any case, on the page, in the table of all, and nothing else with it."""
    for name in ("product.renamed", "product.suspended", "team.edited"):
        note(organization, name)
    client = read_in(organization, language)
    assert found(client, organization, words) == ["product.renamed"]
    table = client.get(f"/o/{organization.pk}/activity/export/", {"q": words}).content.decode()
    assert ("product.renamed" in table, "product.suspended" in table) == (True, False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_event_is_found_by_all_that_the_page_calls_it(organization, language):
    """ORG-16, UI-4: no label of any language is left out."""
    with tenant_scope(organization.pk):
        AuditEvent.objects.bulk_create(
            AuditEvent(organization=organization, name=name, actor_kind="system", at=AT) for name in LABELS
        )
        with translation.override(language):
            for name, label in LABELS.items():
                names = list_audit(organization=organization, search=str(label)).values_list(
                    "name", flat=True
                )
                assert name in names


@pytest.mark.parametrize(
    ("language", "panel", "token", "staff"),
    [("en", "the panel itself", "token", "staff"), ("de", "automatisch durch", "token", "personal")],
)
def test_an_event_is_found_by_who_did_it(organization, language, panel, token, staff):
    """ORG-16: in the words of the page, where there are any beside a name."""
    note(organization, "product.suspended")
    note(organization, "product.renamed", actor=Actor(ActorKind.TOKEN, 1, "Ada"))
    note(organization, "product.tagged", actor=Actor(ActorKind.STAFF, 2, "Nora"))
    client = read_in(organization, language)
    page = client.get(f"/o/{organization.pk}/activity/").content.decode().lower()
    assert all(words in page for words in (panel, token, staff))
    assert found(client, organization, panel) == ["product.suspended"]
    assert found(client, organization, token) == ["product.renamed"]
    assert found(client, organization, staff) == ["product.tagged"]


def test_an_event_is_found_by_the_words_around_its_subject(organization):
    """ORG-16: a pro forma has no number to be called by, an order only one."""
    order = make_order(organization)
    with tenant_scope(organization.pk):
        order.invoice.number = "CH-2026-000017"  # not stored: only the event is told of it
    note(organization, "quarantine.released", order.invoice)
    order.invoice.number = None
    note(organization, "product.tagged", order.invoice)
    client = read_in(organization, "de")
    assert "product.tagged" in found(client, organization, "pro-forma")
    assert "quarantine.released" not in found(client, organization, "pro-forma")
    assert "quarantine.released" in found(client, organization, "rechnung 000017")


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "CHF 1,234.50"),
        ("de", "1.234,50 CHF"),
        ("it", "1234,50"),
        ("fr", "1\u202f234,50\u00a0CHF"),
        ("fr", "1\u00a0234,50"),
        ("fr", "1 234,50 CHF"),
    ],
)
def test_what_is_called_by_its_amount_is_found_by_it(organization, language, written):
    """BIL-14, ORG-16: as the reader's language writes it; another amount is not meant."""
    for amount in (123_450, 123_400):
        note(organization, "refund.begun", Refund(pk=amount, amount=amount, currency="CHF"), amount=amount)
    note(organization, "prepaid.topped_up", amount=123_450)
    client = read_in(organization, language)
    rows = client.get(f"/o/{organization.pk}/activity/", {"q": written}).context["rows"]
    assert [event.subject_id for event, _label, _subject in rows] == [123_450]


@pytest.mark.parametrize("facts", [{}, {"currency": "CHF"}], ids=["none", "its own"])
def test_an_amount_has_the_currency_of_the_organization_where_it_names_none(organization, facts):
    """BIL-15, ORG-16: a dispute is stored by its number at the provider, which nobody reads here."""
    note(organization, "dispute.opened", Dispute(pk=5, reference="dp_1"), amount=123_450, **facts)
    client = read_in(organization, "de")
    assert found(client, organization, "1.234,50 CHF") == ["dispute.opened"]
    assert found(client, organization, "1.234,50 EUR") == []


def test_an_amount_is_found_where_its_sign_stands_before_it():
    """BIL-14, ORG-16: as English writes euros, here without a comma; its end is another amount."""
    organization = make_tenant(name="Exemple SARL", country="FR")
    for amount in (123_450, 23_450):
        note(organization, "refund.begun", Refund(pk=amount, amount=amount, currency="EUR"), amount=amount)
    client = read_in(organization, "en")
    rows = client.get(f"/o/{organization.pk}/activity/", {"q": "€1234.50"}).context["rows"]
    assert [event.subject_id for event, _label, _subject in rows] == [123_450]


def test_programs_find_the_same_in_the_language_they_ask_for(organization):
    """ORG-16, API-1; codes are found as before."""
    note(organization, "product.renamed")
    api = token_client(first_representative(organization).user, "organizations:read")
    path = f"/api/1/organizations/{organization.pk}/audit"
    for words in ("product renamed", "product.renamed"):
        assert [row["name"] for row in api.get(path, {"search": words}).json()["data"]] == ["product.renamed"]


def test_a_search_asks_as_often_as_none(organization, query_count):
    """ORG-16: whatever the language, the words and their number."""
    note(organization, "product.renamed")
    client, path = read_in(organization, "de"), f"/o/{organization.pk}/activity/"
    client.get(path)
    counts = []
    for query in ({}, {"q": "produkt"}, {"q": "produkt umbenannt automatisch"}):
        with query_count() as seen:
            client.get(path, query)
        counts.append(seen.count)
    assert counts == [counts[0]] * 3


def test_words_of_patterns_are_words(organization):
    """Bad input is never a mistake of ours."""
    note(organization, "product.renamed")
    client = read_in(organization, "en")
    for words in ("%", "_ %s", "(", "%(number)s", "9" * 90 + ".00", "ß" * 100, "0.00"):
        assert client.get(f"/o/{organization.pk}/activity/", {"q": words}).status_code == 200, words
        assert client.get(f"/o/{organization.pk}/activity/export/", {"q": words}).status_code == 200, words
