"""What waits for the operator's staff: one line for each room of the back office."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.identity.rights import REVIEW_IDENTITY
from accounts.identity.selectors import count_by_status, count_overdue, list_stored_files
from accounts.identity.status import CaseStatus
from billing.backoffice.selectors import count_unfulfilled
from billing.bank.rights import LOOK_AFTER_BANK
from billing.bank.selectors import count_for_staff
from billing.disputes.rights import LOOK_AFTER_DISPUTES
from billing.disputes.selectors import count_to_answer
from billing.disputes.status import DisputeStatus
from billing.holds.rights import LOOK_AFTER_ORDERS
from billing.holds.selectors import count_held
from billing.proof.rights import PROVE_LEDGER
from billing.proof.selectors import get_latest_proof
from billing.rehearsal.selectors import count_findings
from billing.runs.rights import FOLLOW_RUNS
from billing.withdrawals.rights import PAY_OUT
from billing.withdrawals.selectors import count_requested
from billing.withdrawals.status import WithdrawalStatus
from manager.kit.errors import Text
from products.provisioning.rights import MEND_SERVICES
from products.provisioning.selectors import count_failed_actions, count_quarantined, list_health
from products.warranty.rights import RENEWAL_WARRANTY
from products.warranty.selectors import count_waiting

# A nightly proof that is older than this did not run.
PROOF_AGE = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A count with its page. `tone` is `notice` where something waits, `negative` where it is overdue."""

    label: Text
    count: int
    hint: Text
    icon: str
    url: str
    tone: str = "neutral"


def list_waiting(*, rights: AbstractSet[str], at: datetime) -> list[Waiting]:
    """Return what waits at `at` in the rooms that these rights open."""
    found = _identity(at) if REVIEW_IDENTITY in rights else []
    found += _warranty(at) if RENEWAL_WARRANTY in rights else []
    found += _orders() if LOOK_AFTER_ORDERS in rights else []
    found += _bank() if LOOK_AFTER_BANK in rights else []
    found += _withdrawals() if PAY_OUT in rights else []
    found += _disputes() if LOOK_AFTER_DISPUTES in rights else []
    found += _rehearsal() if FOLLOW_RUNS in rights else []
    found += _provisioning() if MEND_SERVICES in rights else []
    return found + (_ledger(at) if PROVE_LEDGER in rights else [])


def _identity(at: datetime) -> list[Waiting]:
    counts, overdue, files = count_by_status(), count_overdue(at=at), list_stored_files(at=at)
    faults = sum(bool(one.fault) for one in files)
    submitted = counts[CaseStatus.SUBMITTED]
    late = ngettext("%(count)d for more than a day", "%(count)d for more than a day", overdue)
    wrong = ngettext("%(count)d should be gone", "%(count)d should be gone", faults)
    url = reverse("accounts:staff_identity")
    return [
        Waiting(
            label=_("Identity checks to review"),
            count=submitted,
            hint=late % {"count": overdue} if overdue else _("Nobody waits for long"),
            icon="scan-face",
            url=url,
            tone="negative" if overdue else "notice" if submitted else "neutral",
        ),
        Waiting(
            label=_("Checks that people have begun"),
            count=counts[CaseStatus.OPEN],
            hint=_("They have 72 hours"),
            icon="smartphone",
            url=f"{url}?status=open",
        ),
        Waiting(
            label=_("Photographs stored"),
            count=len(files),
            hint=wrong % {"count": faults} if faults else _("Each is gone after 72 hours"),
            icon="image",
            url=reverse("accounts:staff_identity_report"),
            tone="negative" if faults else "neutral",
        ),
    ]


def _warranty(at: datetime) -> list[Waiting]:
    waiting = count_waiting(today=at.date())
    return [
        Waiting(
            label=_("Owners of domains to reach"),
            count=waiting,
            hint=_("Under Renewal Warranty, expired unpaid"),
            icon="shield-check",
            url=reverse("products:staff_warranty") + "?status=open",
            tone="notice" if waiting else "neutral",
        )
    ]


def _orders() -> list[Waiting]:
    held, waiting = count_held(), count_unfulfilled()
    return [
        Waiting(
            label=_("Held orders"),
            count=held,
            hint=_("Refunded without an answer in ten days"),
            icon="hand",
            url=reverse("billing:staff_holds") + "?status=held",
            tone="notice" if held else "neutral",
        ),
        Waiting(
            label=_("Paid, not set up"),
            count=waiting,
            hint=_("Tried again by themselves"),
            icon="hourglass",
            url=reverse("billing:staff_unfulfilled"),
            tone="notice" if waiting else "neutral",
        ),
    ]


def _bank() -> list[Waiting]:
    return [
        _counted(
            count_for_staff(),
            label=_("Bank transfers to look at"),
            hint=_("Not matched for certain"),
            icon="landmark",
            url=reverse("billing:staff_bank"),
        )
    ]


def _withdrawals() -> list[Waiting]:
    return [
        _counted(
            count_requested(),
            label=_("Withdrawals"),
            hint=str(WithdrawalStatus.REQUESTED.label),
            icon="banknote",
            url=reverse("billing:staff_withdrawals") + f"?status={WithdrawalStatus.REQUESTED}",
        )
    ]


def _disputes() -> list[Waiting]:
    return [
        _counted(
            count_to_answer(),
            label=_("Disputes"),
            hint=str(DisputeStatus.OPEN.label),
            icon="gavel",
            url=reverse("billing:staff_disputes") + f"?status={DisputeStatus.OPEN}",
        )
    ]


def _rehearsal() -> list[Waiting]:
    findings, organizations = count_findings()
    concerned = ngettext("%(count)d organization", "%(count)d organizations", organizations)
    return [
        _counted(
            findings,
            label=_("Charges that will fail"),
            hint=concerned % {"count": organizations} if findings else _("In the coming 60 days"),
            icon="calendar-x",
            url=reverse("billing:staff_findings"),
        )
    ]


def _counted(count: int, *, label: str, hint: str, icon: str, url: str) -> Waiting:
    """Return a box that stands out once something waits."""
    return Waiting(
        label=label, count=count, hint=hint, icon=icon, url=url, tone="notice" if count else "neutral"
    )


def _provisioning() -> list[Waiting]:
    quarantined, failed = count_quarantined(), count_failed_actions()
    unwell = ", ".join(health.driver for health in list_health() if not health.is_well)
    return [
        Waiting(
            label=_("Products that could not be set up"),
            count=quarantined,
            hint=_("Not well: %(names)s") % {"names": unwell} if unwell else _("All drivers are well"),
            icon="server-cog",
            url=reverse("products:staff_provisioning") + "?trouble=quarantined",
            tone="negative" if unwell else "neutral",
        ),
        Waiting(
            label=_("Actions that failed"),
            count=failed,
            hint=_("Asked by customers, tried five times"),
            icon="circle-alert",
            url=reverse("products:staff_provisioning_actions"),
            tone="notice" if failed else "neutral",
        ),
    ]


def _ledger(at: datetime) -> list[Waiting]:
    proof = get_latest_proof()
    is_old = proof is None or at - proof.asked_at > PROOF_AGE
    found = proof.found if proof else 0
    hint = _("Not proved for more than a day") if is_old else _("Proved within the last day")
    return [
        Waiting(
            label=_("Differences in the ledger"),
            count=found,
            hint=hint,
            icon="scale",
            url=reverse("billing:staff_ledger"),
            tone="negative" if found else "notice" if is_old else "neutral",
        )
    ]
