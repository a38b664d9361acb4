"""On the day of expiry one message goes out, to all who were reminded: that it is suspended (BIL-12)."""

import pytest

from billing.receivers.secrets import confirm_key
from billing.receivers.services import accept_messages, add_receiver
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from organizations.members.models import Membership
from products.inventory.timeline import StepKind, timeline
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_member, make_person, make_tenant
from tests.factories.products import make_product
from tests.factories.renewals import ACTOR, days_before, run

OFFICE = "office@treuhand.example"


@pytest.fixture
def organization():
    """Return an organization with a member who gets reminders only, and an office that gets them as well."""
    make_legal_entity()
    made = make_tenant(make_person("Anna Keller"))
    clerk = make_member(made, name="Carla Conti", has_billing=True)
    with tenant_scope(made.pk):
        Membership.objects.filter(user=clerk).update(topics=["reminders"])
        office = add_receiver(
            organization=made,
            email=OFFICE,
            name="Treuhand AG",
            language="de",
            messages=["reminders"],
            actor=ACTOR,
            at=days_before(90),
        )
        secret = confirm_key(office).partition("-")[2]
        accept_messages(receiver=office, secret=secret, actor=ACTOR, at=days_before(90))
    return made


def told(at):
    """Return who got which mail about products at `at`."""
    rows = OutgoingMail.objects.using("system").filter(created_at=at).order_by("recipient")
    about = rows.filter(template__in=["renewal_reminder", "products_suspended"])
    return [(mail.recipient.partition("-")[0].partition("@")[0], mail.template) for mail in about]


def test_each_reader_is_told_once_each_time(organization):
    """BIL-12, PRD-8: reminded on the day before, told of the suspension on the day itself."""
    product = make_product(organization)
    for count, template in ((1, "renewal_reminder"), (0, "products_suspended")):
        run(days_before(count))
        assert told(days_before(count)) == [("anna", template), ("carla", template), ("office", template)]
        steps = timeline(product, days_before(count).date())
        announced = {step.kind for step in steps if step.on == days_before(count).date()}
        assert announced == {StepKind.REMINDER if count else StepKind.SUSPENSION}
    run(days_before(0))
    assert len(told(days_before(0))) == 3


def test_an_address_outside_gets_no_link_into_the_panel(organization):
    """ORG-11: it reads what is suspended and how to refuse further messages."""
    product = make_product(organization)
    run(days_before(0))
    mail = OutgoingMail.objects.using("system").get(recipient=OFFICE, template="products_suspended")
    assert (mail.language, product.name in mail.text) == ("de", True)
    for body in (mail.text, mail.html):
        assert f"/o/{organization.pk}/" not in body
