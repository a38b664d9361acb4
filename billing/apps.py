"""The Django app `billing`."""

from importlib import import_module

from django.apps import AppConfig

# The rooms with a right of the back office; who gives all rights may have read no page before.
WITH_RIGHTS = (
    "bank",
    "disputes",
    "holds",
    "promotions",
    "proof",
    "refunds",
    "runs",
    "tax",
    "webhooks",
    "withdrawals",
)


class BillingConfig(AppConfig):
    """Configuration of `billing`."""

    name = "billing"

    def ready(self) -> None:
        """Register the check of the payment providers, and what money means for an organization below."""
        from billing.changes.services.apply import apply_paid
        from billing.changes.services.withdraw import withdraw_refused
        from billing.gateway import checks  # noqa: F401 - settings have to be loaded first
        from billing.gateway.declines import describe_code
        from billing.holds.notices import held_product
        from billing.holds.services import hold_suspicious
        from billing.invoices.conditions import billed_before, no_unpaid_invoice
        from billing.invoices.fulfilment import register_fulfiller, register_waiter
        from billing.invoices.services.draft import CHANGE
        from billing.orders.conditions import no_pending_order
        from billing.payments.conditions import no_open_payment
        from billing.prepaid.conditions import booked_before, no_prepaid_balance
        from billing.profiles.selectors import numbers_of_addresses
        from billing.rehearsal.page import add_to_renewals
        from billing.renewals.ahead import register_ahead
        from billing.renewals.conditions import unpaid_lines
        from billing.renewals.outlook import complete_outlook
        from billing.renewals.services.at_risk import renew_at_own_risk
        from billing.restores.selectors import ORIGIN as RESTORE
        from billing.restores.services import fulfil_restore
        from billing.runs.words import register_words
        from billing.withdrawals.conditions import no_open_withdrawal
        from organizations.deletion.conditions import register_condition
        from organizations.profile.currency import register_currency_lock
        from organizations.profile.vat_checks import register_numbers
        from products.inventory.outlook import register_notices, register_outlook
        from products.transfer.blockers import register_transfer_blocker
        from products.warranty.renewing import register_renewer

        import_module("billing.archives.progress")
        import_module("billing.invoices.sections")
        import_module("billing.webhooks.announced")
        for room in ("invoices", "orders", "prepaid", "promotions", "withdrawals"):
            import_module(f"billing.{room}.subjects")
        for room in WITH_RIGHTS:
            import_module(f"billing.{room}.rights")
        for condition in (
            no_unpaid_invoice,
            no_pending_order,
            no_prepaid_balance,
            no_open_withdrawal,
            no_open_payment,
        ):
            register_condition(condition)
        for lock in (billed_before, booked_before):
            register_currency_lock(lock)
        register_numbers(numbers_of_addresses)
        register_fulfiller(CHANGE, apply_paid, refused=withdraw_refused)
        register_transfer_blocker(unpaid_lines)
        register_outlook(complete_outlook)
        register_notices(held_product)
        register_ahead(add_to_renewals)
        register_words(describe_code)
        register_renewer(renew_at_own_risk)
        register_fulfiller(RESTORE, fulfil_restore)
        register_waiter(hold_suspicious)
