"""What the rules look at: one order with its payment, its past, and who ordered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.users.models import User
from billing.invoices.models import Invoice
from billing.orders.models import Order, OrderLine
from billing.orders.status import OrderStatus
from billing.payments.models import PaymentAttempt
from billing.payments.status import CLOSED
from billing.tax.proofs import ADDRESS, CARD, ORGANIZATION, known_countries
from manager.kit.money import Money
from organizations.profile.models import Organization


@dataclass(frozen=True, slots=True)
class Figures:
    """An order at the moment of its payment, `at`."""

    order: Order
    organization: Organization
    invoice: Invoice
    at: datetime

    @property
    def total(self) -> Money:
        """What the order costs, VAT included."""
        return self.order.invoice.total

    def recent(self, hours: int) -> list[Money]:
        """Return the totals of the organization's orders of the last `hours`, this one among them."""
        orders = Order.objects.select_related("invoice").filter(
            organization_id=self.organization.pk, created_at__gt=self.at - timedelta(hours=hours)
        )
        return [order.invoice.total for order in orders]

    def has_paid_before(self) -> bool:
        """Return whether another order of the organization was paid, and not held."""
        others = Order.objects.filter(organization_id=self.organization.pk, status=OrderStatus.PAID)
        return others.exclude(pk=self.order.pk).exists()

    def countries(self) -> dict[str, str]:
        """Return the countries that are known, by where they come from: organization, address, card."""
        return known_countries(
            {
                ORGANIZATION: str(self.organization.country),
                ADDRESS: str(self.invoice.buyer.get("country") or ""),
                CARD: self._card_country(),
            }
        )

    def _card_country(self) -> str:
        attempt = (
            PaymentAttempt.objects.select_related("method")
            .filter(organization_id=self.organization.pk, invoice=self.invoice)
            .exclude(status__in=sorted(CLOSED))
            .order_by("-sequence")
            .first()
        )
        return attempt.method.country if attempt is not None and attempt.method is not None else ""

    def names(self) -> list[str]:
        """Return the domain names that were ordered."""
        lines = OrderLine.objects.filter(organization_id=self.organization.pk, order=self.order)
        return list(
            lines.filter(plan__needs_domain_name=True).order_by("pk").values_list("product__name", flat=True)
        )

    def email(self) -> str:
        """Return the login of who ordered, "" where it was no person."""
        person = User.objects.filter(pk=self.order.placed_by).first()
        return person.email.lower() if person is not None else ""
