"""What events were about: by name, in the reader's language, with the page that the reader sees (ORG-16)."""

import re

import pytest
from django.utils import translation

from accounts.users.models import User
from billing.prepaid.models import PrepaidSettings
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.audit.services import record_audit
from organizations.audit.subjects import subject_of
from products.inventory.models import Product
from products.warranty.models import ContactTask
from tests.factories.access import make_team
from tests.factories.billing import make_legal_entity
from tests.factories.cast import AT, client_of, make_member, make_tenant
from tests.factories.members import first_representative
from tests.factories.orders import make_order
from tests.factories.products import make_product
from tests.factories.warranty import open_warranty_case

SYSTEM = Actor.system("test")


@pytest.fixture
def organization():
    make_legal_entity()
    return make_tenant(name="Example AG")


def note(organization, name, subject, **data):
    with tenant_scope(organization.pk):
        return record_audit(
            organization_id=organization.pk, name=name, actor=SYSTEM, at=AT, subject=subject, **data
        )


def shown(client, organization):
    """Return the subjects on the page, by the event's name."""
    rows = client.get(f"/o/{organization.pk}/activity/").context["rows"]
    return {event.name: (subject.name, subject.url) for event, _label, subject in rows}


def test_subjects_have_names_and_pages(organization):
    """ORG-16: events that were written before as well, as names are made when they are read."""
    own = f"/o/{organization.pk}"
    product, order = make_product(organization, name="alpha.example"), make_order(organization)
    team = make_team(organization, "Designers")
    owner = first_representative(organization)
    note(organization, "product.suspended", product)
    note(organization, "order.cancelled", order)
    note(organization, "invoice.cancelled", order.invoice)
    note(organization, "prepaid.settings_changed", PrepaidSettings(pk=5, organization=organization))
    note(organization, "team.edited", team)
    note(organization, "membership.role_changed", owner.user)
    note(organization, "dispute.opened", order, amount=1250, currency="CHF")
    found = shown(client_of(owner.user), organization)
    assert found["product.suspended"] == ("alpha.example", f"{own}/products/{product.pk}/")
    assert found["order.cancelled"] == (f"Order {order.pk}", f"{own}/billing/orders/{order.pk}/")
    draft = order.invoice_id
    assert found["invoice.cancelled"] == (f"Pro forma {draft}", f"{own}/billing/invoices/{draft}/")
    assert found["prepaid.settings_changed"] == ("Prepaid account", f"{own}/billing/prepaid/")
    assert found["team.edited"] == ("Designers", f"{own}/teams/{team.pk}/")
    assert found["membership.role_changed"] == (owner.user.name, f"{own}/members/{owner.pk}/")


def test_a_link_leads_only_where_the_reader_may_go(organization):
    """ORG-13, INC-3: not without the right, and not to what is not here any more."""
    product = make_product(organization, name="alpha.example")
    order, gone = make_order(organization), Product(pk=987654, name="gone.example")
    for name, subject in (("product.a", product), ("order.b", order), ("product.c", gone)):
        note(organization, name, subject)
    admin = make_member(organization, role=Role.ADMINISTRATOR)
    found = shown(client_of(admin), organization)
    assert found["product.a"][1]
    assert found["order.b"] == (f"Order {order.pk}", "")
    assert found["product.c"] == ("gone.example", "")
    owner = client_of(first_representative(organization).user)
    for url in (url for _name, url in shown(owner, organization).values() if url):
        assert owner.get(url).status_code == 200, url


def test_the_name_is_in_the_readers_language(organization):
    """ORG-16: the log keeps the fact, not the words."""
    event = note(organization, "prepaid.topped_up", PrepaidSettings(pk=5, organization=organization))
    with translation.override("de"):
        assert subject_of(event, currency="CHF") == "Prepaid-Konto"
    with translation.override("it"):
        assert subject_of(event, currency="CHF") == "Conto prepagato"


def test_what_was_done_for_a_domain_is_named_by_it(organization):
    """ORG-16, PRD-12: a case of Renewal Warranty and each try to reach the owner, in every language."""
    case = open_warranty_case(organization, name="shop.example")
    with tenant_scope(organization.pk):
        task = ContactTask.objects.filter(case=case).first()
    note(organization, "warranty.ended", case)
    event = note(organization, "warranty.contacted", task, means=task.means)
    found = shown(client_of(first_representative(organization).user), organization)
    assert found["warranty.ended"] == found["warranty.contacted"] == ("shop.example", "")
    assert subject_of(event, currency="CHF") == "Renewal Warranty"


def test_the_page_of_an_event_shows_its_subject(organization):
    """ORG-16: escaped, with its link."""
    product = make_product(organization, name="<b>alpha</b>")
    event = note(organization, "product.suspended", product)
    html = client_of(first_representative(organization).user).get(
        f"/o/{organization.pk}/activity/{event.pk}/"
    )
    text = html.content.decode()
    assert "<b>alpha" not in text
    assert re.search(rf'href="/o/{organization.pk}/products/{product.pk}/">&lt;b&gt;alpha', text)


def test_the_queries_do_not_grow_with_the_subjects(organization, query_count):
    """UI-2: one query for each kind, however many there are."""
    page, counts = client_of(first_representative(organization).user), []
    page.get(f"/o/{organization.pk}/activity/")
    for number in (1, 12):
        for _again in range(number):
            note(organization, "product.suspended", make_product(organization))
        with query_count() as seen:
            page.get(f"/o/{organization.pk}/activity/")
        counts.append(seen.count)
    assert counts[0] == counts[1]


def test_people_who_have_left_are_named_without_a_page(organization):
    """ORG-12."""
    left = User(pk=987654, email="luc@example.com")
    note(organization, "membership.removed", left)
    found = shown(client_of(first_representative(organization).user), organization)
    assert found["membership.removed"] == (str(left), "")
