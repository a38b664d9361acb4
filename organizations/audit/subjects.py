"""What an event of the audit log was about: its name in the reader's language, and its page (ORG-16).

What can be a subject lies in rooms above: they register at start how it is called and where it is shown.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from manager.kit.errors import Text
from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from organizations.audit.amounts import CALLED_BY_AMOUNT, show_amount
from organizations.audit.models import AuditEvent

UNNAMED = "#"


@dataclass(frozen=True, slots=True)
class Found:
    """A subject that the reader sees: its name now (empty: the stored one), and the number of its page."""

    name: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """How subjects of a kind are called and where they are shown.

    `words` take the stored name as `number`, which it mostly is; `unnamed` stand for what was stored as "#5",
    and take the id. Who has `permission` is led to `route`: with the id where it `has_page`, or a list.
    `find` returns those of many that are there and that the reader sees, in one query; without it all are.
    """

    words: Text = "%(number)s"
    unnamed: Text = ""
    route: str = ""
    permission: Permission = Permission.ORGANIZATION_VIEW
    has_page: bool = True
    find: Callable[[OrganizationRequest, Collection[int]], Mapping[int, Found]] | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject on a page; `url` is empty where the reader sees no page of it."""

    name: str
    url: str = ""


_kinds: dict[str, SubjectKind] = {}
PLAIN = SubjectKind()


def register_subject(name: str, kind: SubjectKind) -> None:
    """Tell how subjects of a kind are called, by the small name of their model."""
    _kinds[name] = kind


def subject_of(event: AuditEvent, *, currency: str) -> str:
    """Return what an event was about. `currency` is the organization's, for events that name none."""
    if event.subject_kind in CALLED_BY_AMOUNT:
        return str(show_amount(event, "amount", currency) or event.subject_name)
    kind = _kinds.get(event.subject_kind, PLAIN)
    if kind.unnamed and event.subject_name.startswith(UNNAMED):
        return str(kind.unnamed) % {"number": event.subject_id}
    return str(kind.words) % {"number": event.subject_name}


def kinds_called(word: str) -> Q:
    """Return the condition that the words around an event's subject have `word`, in the active language."""
    called, unnamed = (
        [name for name, kind in _kinds.items() if word.casefold() in _around(getattr(kind, words))]
        for words in ("words", "unnamed")
    )
    without_name = Q(subject_name__startswith=UNNAMED)
    has_words = [name for name, kind in _kinds.items() if kind.unnamed]
    return (
        Q(subject_kind__in=called) & ~(Q(subject_kind__in=has_words) & without_name)
        | Q(subject_kind__in=unnamed) & without_name
    )


def _around(words: Text) -> str:
    """Return what stands around the number or the name."""
    return (str(words) % {"number": ""}).casefold()


def find_subjects(request: OrganizationRequest, events: Sequence[AuditEvent]) -> list[Subject]:
    """Return the subjects of events, with pages that the reader sees. One query for each kind among them."""
    ids: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.subject_id is not None:
            ids[event.subject_kind].add(event.subject_id)
    found = {
        name: kind.find(request, ids[name])
        for name, kind in _kinds.items()
        if name in ids and kind.find is not None
    }
    return [_subject(request, event, found.get(event.subject_kind)) for event in events]


def _subject(request: OrganizationRequest, event: AuditEvent, found: Mapping[int, Found] | None) -> Subject:
    name = subject_of(event, currency=request.organization.currency)
    kind, pk = _kinds.get(event.subject_kind), event.subject_id
    if kind is None or pk is None:
        return Subject(name)
    if found is None:
        one = Found(number=pk)
    elif pk in found:
        one = found[pk]
    else:
        return Subject(name)
    place = [request.organization.pk, *([one.number] if kind.has_page else [])]
    is_shown = kind.route and kind.permission in request.can
    return Subject(one.name or name, reverse(kind.route, args=place) if is_shown else "")
