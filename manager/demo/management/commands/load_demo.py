"""`manage.py load_demo`: the demonstration's people, organizations, products and invoices, once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import F

from accounts.users.models import User
from billing.invoices.models import Invoice
from billing.profiles.services import set_up_entity
from manager.demo.data.cards import save_cards
from manager.demo.data.dealings import leave_dealings
from manager.demo.data.history import LAST_STEP, leave_open_business, write_history
from manager.demo.data.mailboxes import add_mailboxes
from manager.demo.data.organizations import found_organizations, invite_and_grant
from manager.demo.data.people import PASSWORD, PEOPLE, register_people
from manager.demo.data.programs import bring_programs
from manager.demo.data.promotions import offer_promotions
from manager.demo.data.receivers import name_receivers
from manager.demo.data.runs import leave_runs
from manager.demo.data.seller_accounts import open_accounts
from manager.demo.data.sheets import fill_in_sheets
from manager.demo.data.staff import leave_identity_check, set_up_staff
from manager.demo.data.stock import plan_stock
from manager.demo.data.support import ask_support_in
from manager.demo.data.teams import form_teams
from manager.demo.data.webhooks import add_webhooks
from manager.demo.data.work import leave_failures, leave_work
from manager.kit.clock import now
from manager.outbox.models import OutboxEvent
from manager.outbox.relay import drain_outbox
from products.catalog.models import Price, Purpose
from products.catalog.services.load import load_catalog
from products.inventory.models import Product
from products.inventory.status import TOLD
from products.provisioning.periodic import drain_provisioning

CATALOG = Path(settings.BASE_DIR) / "products" / "catalog" / "demonstration.yaml"
SELLER = {
    "name": "Manager Hosting AG",
    "street": "Seestrasse 1",
    "postal_code": "8002",
    "city": "Zürich",
    "country": "CH",
    "vat_number": "CHE-116.281.710 MWST",
    "iban": "CH9300762011623852957",
    "number_prefix": "CH",
    "is_default": True,
}
# The demonstration begins this long ago.
BEGINNING = timedelta(days=900)


class Command(BaseCommand):
    """Load the demonstration into an empty database; a second time only prints the sign-ins."""

    help = "Load the demonstration's data once, and print its sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load if nothing is there, then say who can sign in."""
        if not User.objects.exists():
            self._load()
        elif not Invoice.objects.using("system").filter(origin_key=LAST_STEP).exists():
            raise CommandError(
                f"Loading the demonstration was interrupted. Remove {settings.DATA_DIR} and start again."
            )
        self.stdout.write("Sign in as one of these; the password of all is " + PASSWORD)
        for person in PEOPLE:
            self.stdout.write(f"  {person.email:22} {person.about}")

    def _load(self) -> None:
        at = now()
        begun = at - BEGINNING
        load_catalog(path=CATALOG, on=begun.date())
        set_up_entity(code="ch", **SELLER)
        open_accounts()
        users = register_people(at=begun)
        set_up_staff(users=users, at=begun)
        organizations = found_organizations(users=users, at=begun)
        periods: dict[str, set[int]] = {}
        for slug, months in Price.objects.filter(purpose=Purpose.RENEW).values_list("plan__slug", "months"):
            periods.setdefault(slug, set()).add(months)
        items = list(plan_stock(today=at.date(), periods=periods))
        write_history(items=items, organizations=organizations, users=users, at=at - timedelta(days=20))
        leave_failures(organizations=organizations, users=users, at=at)
        self._settle_the_past()
        save_cards(organizations=organizations, at=at)
        invite_and_grant(organizations=organizations, users=users, at=at)
        form_teams(organizations=organizations, users=users, at=at)
        fill_in_sheets(organizations=organizations, users=users, at=at)
        bring_programs(organizations=organizations, users=users, at=at)
        ask_support_in(organizations=organizations, users=users, at=at)
        leave_identity_check(users=users, at=at)
        leave_work(organizations=organizations, users=users, at=at)
        add_mailboxes(organizations=organizations, users=users, at=at)
        offer_promotions(organizations=organizations, users=users, at=at)
        name_receivers(organizations=organizations, users=users, at=at)
        add_webhooks(organizations=organizations, users=users, at=at)
        leave_dealings(organizations=organizations, users=users, at=at)
        leave_open_business(organizations=organizations, users=users, at=at)
        leave_runs(organizations=organizations, at=at)

    def _settle_the_past(self) -> None:
        """Set up what was bought; what happened long ago is not mailed any more."""
        at = now()
        past = OutboxEvent.objects.using("system").filter(relayed_at=None)
        past.exclude(name__startswith="product.").update(relayed_at=at)
        Product.objects.using("system").filter(status__in=TOLD).update(told_of=F("status"))
        drain_outbox(at=at)
        drain_provisioning(at=at)
