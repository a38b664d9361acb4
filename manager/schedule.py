"""All periodic work in one list. The beat, `manage.py tick` and nudges run the same functions."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

MAX_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that finds what is due as of an instant and does it; safe at any number at once."""

    name: str
    path: str

    def run(self, at: datetime) -> int:
        """Do everything due at `at`; return how much was done."""
        drain: Callable[..., int] = import_string(self.path)
        return drain(at=at)


PERIODIC = [
    Periodic("payments", "billing.payments.periodic.drain_stale_attempts"),
    Periodic("refunds", "billing.refunds.periodic.drain_refunds"),
    Periodic("fees", "billing.refunds.fees.drain_fees"),
    Periodic("provider-sweep", "billing.webhooks.periodic.sweep_provider_events"),
    Periodic("bank", "billing.bank.periodic.drain_bank"),
    Periodic("ending-cards", "billing.payment_methods.periodic.drain_ending_cards"),
    Periodic("provider-events", "billing.webhooks.periodic.drain_provider_events"),
    Periodic("held-orders", "billing.holds.periodic.drain_holds"),
    Periodic("unpaid-orders", "billing.orders.periodic.drain_expired_orders"),
    Periodic("unfulfilled", "billing.invoices.periodic.drain_unfulfilled"),
    Periodic("renewals", "billing.engine.periodic.drain_renewals"),
    Periodic("changes", "billing.changes.periodic.drain_changes"),
    Periodic("reminders", "billing.renewals.periodic.drain_reminders"),
    Periodic("rehearsal", "billing.rehearsal.periodic.drain_rehearsal"),
    Periodic("warranty", "products.warranty.periodic.drain_warranty"),
    Periodic("unpayable", "billing.restores.periodic.drain_unpayable"),
    Periodic("life", "products.inventory.periodic.drain_life"),
    Periodic("terminations", "products.termination.periodic.drain_terminations"),
    Periodic("transfers", "products.transfer.periodic.drain_expired_transfers"),
    Periodic("domains", "products.modules.domain.periodic.drain_domains"),
    Periodic("provisioning", "products.provisioning.periodic.drain_provisioning"),
    Periodic("mail", "products.modules.mail.periodic.drain_mail"),
    Periodic("driver-health", "products.provisioning.periodic.drain_health"),
    Periodic("vat-checks", "organizations.profile.periodic.drain_vat_checks"),
    Periodic("ended-rights", "organizations.access.periodic.drain_ended_rights"),
    Periodic("archives", "billing.archives.periodic.drain_archives"),
    Periodic("documents", "billing.documents.periodic.drain_documents"),
    Periodic("passkeys", "accounts.passkeys.periodic.drain_expired_challenges"),
    Periodic("sessions", "accounts.sessions.periodic.drain_expired_sessions"),
    Periodic("history", "accounts.profile.periodic.drain_old_history"),
    Periodic("audit", "organizations.audit.periodic.drain_audit_seals"),
    Periodic("alerts", "billing.alerts.periodic.drain_alerts"),
    Periodic("ledger-proof", "billing.proof.periodic.drain_proofs"),
    Periodic("old-runs", "billing.runs.periodic.drain_old_runs"),
    Periodic("factor-reminders", "organizations.policies.periodic.drain_factor_reminders"),
    Periodic("pushes", "accounts.authenticator.periodic.drain_pushes"),
    Periodic("approvals", "accounts.authenticator.periodic.drain_stale_requests"),
    Periodic("identity", "accounts.identity.periodic.drain_identity"),
    Periodic("identity-files", "accounts.identity.periodic.drain_identity_files"),
    Periodic("tokens", "accounts.tokens.periodic.drain_tokens"),
    Periodic("token-use", "accounts.tokens.periodic.drain_token_use"),
    Periodic("sent-requests", "accounts.requests.periodic.drain_sent_requests"),
    Periodic("oauth", "accounts.applications.periodic.drain_expired_grants"),
    Periodic("prepaid", "billing.prepaid.automatic.drain_prepaid"),
    Periodic("outbox", "manager.outbox.relay.drain_outbox"),
    Periodic("mails", "manager.outbox.mails.drain_mails"),
    Periodic("sms", "manager.outbox.sms.drain_sms"),
    Periodic("webhooks", "organizations.webhooks.periodic.drain_webhooks"),
    Periodic("old-tasks", "organizations.progress.periodic.drain_old_tasks"),
    Periodic("webhook-log", "organizations.webhooks.periodic.drain_old_messages"),
]


def get_periodic(name: str) -> Periodic:
    """Return the periodic work called `name`.

    :raises LookupError: there is none.
    """
    for periodic in PERIODIC:
        if periodic.name == name:
            return periodic
    raise LookupError(name)


@dataclass(frozen=True, slots=True)
class TickReport:
    """What a tick did: how much of each kind, and by name what failed with its last error."""

    done: dict[str, int]
    failed: dict[str, str]


def tick(*, at: datetime) -> TickReport:
    """Do all periodic work as of `at` until a whole round finds nothing left.

    One kind of work that fails does not stop the others: it is logged, tried again in the next round,
    and by the next tick.
    """
    done: dict[str, int] = {periodic.name: 0 for periodic in PERIODIC}
    failed: dict[str, str] = {}
    for _ in range(MAX_ROUNDS):
        found = 0
        for periodic in PERIODIC:
            try:
                count = periodic.run(at)
            except Exception as error:  # the other kinds of work must still be done
                logger.exception("The periodic work %s failed.", periodic.name)
                failed[periodic.name] = f"{type(error).__name__}: {error}"
                continue
            done[periodic.name] += count
            found += count
        if not found:
            break
    return TickReport(done, failed)
