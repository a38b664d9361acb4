"""Carry out on the mail servers what members asked for: a row under a lease, the driver, the result."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from manager.kit.due import is_due
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from products.modules.mail.models import Mailbox, MailEntry, MailRoute
from products.modules.mail.operations import ENTRIES, describe_entry, key_of, operation_of
from products.modules.mail.status import TRANSITIONS, EntryStatus
from products.provisioning.models import Service
from products.provisioning.operations import LEASE, MAX_ATTEMPTS, build_job, describe_error, next_try
from products.provisioning.protocol import Accepted, ProvisioningFailed
from products.provisioning.registry import get_driver
from products.provisioning.states import ServiceState

logger = logging.getLogger(__name__)

BATCH = 50
Taken = tuple[int, int, int]


def drain_mail(*, at: datetime) -> int:
    """Carry out all mailboxes and routes due at `at` whose service runs; return how many succeeded.

    Mailboxes come first, as aliases lead to them; what goes, the other way round. A worker that dies leaves
    its lease, after which another one makes the same call again. What fails is tried again later and later,
    eight times, and then shown as failed; what was deleted is tried on without an end.
    """
    done = 0
    for is_leaving, nouns in ((False, ("mailbox", "route")), (True, ("route", "mailbox"))):
        for noun in nouns:
            model = ENTRIES[noun]
            while taken := _take(model, is_leaving, at):
                done += sum(_carry_out(model, *one, at=at) for one in taken)
    return done


def _take(model: type[MailEntry], is_leaving: bool, at: datetime) -> list[Taken]:
    runs = Q(product__service__state=ServiceState.RUNNING, product__service__wanted=ServiceState.RUNNING)
    of_kind = Q(status=EntryStatus.LEAVING) if is_leaving else ~Q(status=EntryStatus.LEAVING)
    if is_leaving and model is Mailbox:  # its aliases go before it
        of_kind &= Q(aliases=None)
    entries = model._default_manager.using("system")  # noqa: SLF001  (documented API)
    with transaction.atomic(using="system"):
        due = entries.filter(is_due("due_at", at), runs, of_kind).order_by("due_at", "pk")
        ids = list(due.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:BATCH])
        mine = entries.filter(pk__in=ids)
        mine.update(due_at=at + LEASE, fence=F("fence") + 1, attempts=F("attempts") + 1)
        return list(mine.order_by("pk").values_list("pk", "organization_id", "fence"))


def _carry_out(model: type[MailEntry], pk: int, organization_id: int, fence: int, *, at: datetime) -> bool:
    with tenant_scope(organization_id):
        # Any: only routes have a mailbox.
        entries: Any = model._default_manager.filter(  # noqa: SLF001  (documented API)
            organization_id=organization_id
        )
        if model is MailRoute:
            entries = entries.select_related("mailbox")
        entry: MailEntry | None = entries.filter(pk=pk, fence=fence).first()
        if entry is None:
            return False
        error = _call(entry)
        return _settle(entry, error, at)


def _call(entry: MailEntry) -> Exception | None:
    try:
        services = Service.objects.select_related("product__plan")
        service = services.get(organization_id=entry.organization_id, product_id=entry.product_id)
        job = build_job(service, key=key_of(entry))
        answer = get_driver(service.driver).act(job, operation_of(entry), describe_entry(entry))
    except Exception as error:  # noqa: BLE001  (whatever a driver raises must not stop the others)
        logger.warning("%s of product %s failed: %s", operation_of(entry), entry.product_id, error)
        return error
    if isinstance(answer, Accepted):
        return ProvisioningFailed("Mailboxes and routes are answered at once, not by a call-back.")
    return None


@transaction.atomic
def _settle(entry: MailEntry, error: Exception | None, at: datetime) -> bool:
    """Write the end unless something else was asked for since."""
    mine = type(entry)._default_manager.filter(  # noqa: SLF001  (documented API)
        pk=entry.pk, organization_id=entry.organization_id, fence=entry.fence
    )
    entry_now = mine.select_for_update(of=("self",)).first()
    if entry_now is None:
        return False
    if error is None and entry_now.is_leaving:
        entry_now.delete()
        return True
    if error is None:
        entry_now.due_at, entry_now.attempts, entry_now.last_error = None, 0, ""
        entry_now.serial += 1
        transition(entry_now, EntryStatus.ACTIVE, TRANSITIONS)
    else:
        _note_failure(entry_now, error, at)
    entry_now.save()
    return error is None


def _note_failure(entry: MailEntry, error: Exception, at: datetime) -> None:
    is_final = isinstance(error, ProvisioningFailed) and error.is_final
    entry.last_error = describe_error(error)
    if not entry.is_leaving and (is_final or entry.attempts >= MAX_ATTEMPTS):
        entry.due_at = None
        transition(entry, EntryStatus.FAILED, TRANSITIONS)
    else:
        entry.due_at = next_try(entry.attempts, at)
