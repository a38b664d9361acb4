"""The audit log as a table for spreadsheets (ORG-16, INC-31)."""

import json
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from manager.kit.spreadsheet import write_csv
from organizations.audit.labels import label_of
from organizations.audit.models import AuditEvent
from organizations.audit.subjects import subject_of


def export_audit(events: Iterable[AuditEvent], *, currency: str) -> bytes:
    """Return `events` (with their seals) as CSV; instants are in UTC, cells cannot be formulas.

    `currency` is the organization's; details keep amounts in minor units, as programs read them.

    Position and digest of the seal go with each event: kept elsewhere, they prove later that the log
    has not been written anew.
    """
    header = [
        *(_("Time (UTC)"), _("What"), _("Event"), _("Who"), _("Kind"), _("Through"), _("On behalf of")),
        *(
            _("Address"),
            _("Browser"),
            pgettext("activity", "Subject"),
            _("Name"),
            _("Details"),
            _("Seal"),
            _("Digest"),
        ),
    ]
    return write_csv(header, (_row(event, currency) for event in events))


def _row(event: AuditEvent, currency: str) -> list[object]:
    details = json.dumps(event.data, ensure_ascii=False, sort_keys=True) if event.data else ""
    return [
        event.at.isoformat(timespec="seconds"),
        str(label_of(event.name)),
        event.name,
        event.actor_name,
        event.actor_kind,
        event.through,
        event.on_behalf_of,
        event.address or "",
        event.agent,
        event.subject_kind,
        subject_of(event, currency=currency),
        details,
        event.seal.position or "",
        event.seal.digest,
    ]
