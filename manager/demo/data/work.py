"""What waits for somebody in the demonstration: terminations, forgotten domains, a machine that failed."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.users.models import User
from manager.demo.data.organizations import acting
from manager.demo.data.staff import STAFF
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from products.provisioning.models import PlannedFault, Service
from products.provisioning.operations import MAX_ATTEMPTS
from products.provisioning.periodic import drain_provisioning
from products.provisioning.services.want import want_service
from products.provisioning.states import ServiceState
from products.termination.secrets import confirmation_key
from products.termination.services import ask_termination, confirm_termination
from products.termination.status import Reason
from products.warranty.models import ContactTask
from products.warranty.periodic import drain_warranty
from products.warranty.services import send_contact
from products.warranty.status import Means

OWNER, TENANT = "anna", "alpina"


def leave_failures(
    *, organizations: Mapping[str, Organization], users: Mapping[str, User], at: datetime
) -> None:
    """Let a server fail until it is left to the staff, and a product be terminated three days ago."""
    alpina, anna = organizations[TENANT], users[OWNER]
    with tenant_scope(alpina.pk, anna.pk):
        _fail(_running(alpina, "vps-lite")[0], at - timedelta(days=1))
        begun = at - timedelta(days=3)
        wish = ask_termination(
            organization=alpina,
            product_ids=[_running(alpina, "kdrive-team")[0].pk],
            reason=Reason.REPLACED,
            user_id=anna.pk,
            actor=acting(anna),
            at=begun,
        )
        confirmed = begun + timedelta(minutes=5)
        confirm_termination(termination=wish, key=confirmation_key(wish), actor=acting(anna), at=confirmed)


def leave_work(*, organizations: Mapping[str, Organization], users: Mapping[str, User], at: datetime) -> None:
    """Open the cases of domains under warranty and mail to one owner; ask to terminate a website."""
    drain_warranty(at=at)
    alpina, anna, nora = organizations[TENANT], users[OWNER], users[STAFF]
    with tenant_scope(alpina.pk, anna.pk):
        ask_termination(
            organization=alpina,
            product_ids=[_running(alpina, "web-hosting")[0].pk],
            reason=Reason.NOT_NEEDED,
            user_id=anna.pk,
            actor=acting(anna),
            at=at,
        )
        mails = ContactTask.objects.filter(organization_id=alpina.pk, means=Means.MAIL)
        support = Actor(ActorKind.STAFF, nora.pk, nora.name, address="192.0.2.21")
        for task in mails.order_by("pk")[:1]:
            send_contact(task=task, user_id=nora.pk, actor=support, at=at)


def _running(organization: Organization, plan: str) -> list[Product]:
    """Return what the organization has of a plan and renews by hand, the longest paid first."""
    found = Product.objects.filter(
        organization_id=organization.pk, plan__slug=plan, status=ProductStatus.ACTIVE, auto_renew=False
    )
    return list(found.select_related("plan", "organization").order_by("-expires_on", "pk"))


def _fail(product: Product, at: datetime) -> None:
    PlannedFault.objects.create(
        operation="provision",
        product_id=product.pk,
        remaining=MAX_ATTEMPTS,
        message="No machine of this size is free in the zone.",
    )
    due: datetime | None = at
    want_service(
        organization_id=product.organization_id,
        product_id=product.pk,
        kind=product.plan.kind,
        wanted=ServiceState.RUNNING,
        at=at,
    )
    logging.disable(logging.WARNING)  # who starts the demonstration need not wonder: it fails on purpose
    try:
        while due is not None:
            drain_provisioning(at=due)
            due = Service.objects.get(organization_id=product.organization_id, product=product).due_at
    finally:
        logging.disable(logging.NOTSET)
