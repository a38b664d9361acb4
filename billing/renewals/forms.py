"""Read what the pages of renewals are sent."""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.sessions.redirects import local_path
from billing.renewals.selectors import AUTOMATIC, MANUAL, REFUSED
from manager.kit.errors import DomainError
from manager.kit.ids import parse_id
from organizations.access.guard import OrganizationRequest

MOST = 200
MAX_SEARCH = 100
MOST_OF_ALL = 300
"""So many that match are switched by one request."""
CHOICES: list[tuple[str, str | Promise]] = [
    ("", _("All")),
    (AUTOMATIC, _("Automatic")),
    (MANUAL, _("By hand")),
    (REFUSED, _("Charge refused")),
]


class ChoiceInvalid(DomainError):
    """The form was sent without what it needs."""

    code = "choice_invalid"
    status = 422
    message = _("Select at least one product, at most 200, and whether they shall renew by themselves.")


class SelectionInvalid(DomainError):
    """Nothing is selected, or too much."""

    code = "selection_invalid"
    status = 422
    message = _("Select at least one product, at most 200.")


@dataclass(frozen=True, slots=True)
class RenewalFilter:
    """The chosen group and search, read leniently: an unknown group shows everything."""

    show: str = ""
    search: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "RenewalFilter":
        """Return the filter of a query string."""
        show = query.get("show", "")
        search = "".join(character for character in query.get("q", "") if character.isprintable())
        known = {value for value, _label in CHOICES}
        return cls(show if show in known else "", search.strip()[:MAX_SEARCH])


@dataclass(frozen=True, slots=True)
class Selection:
    """The products that a choice is for: these, or with `all_of` all that its filter finds."""

    product_ids: list[int]
    all_of: RenewalFilter | None = None

    @classmethod
    def read(cls, data: QueryDict) -> "Selection":
        """Return what was selected in the list, or is named by a link.

        :raises SelectionInvalid: nothing or too much is selected.
        """
        if data.get("all") == "1":
            return cls([], RenewalFilter.read(data))
        ids = [parse_id(value) for value in data.getlist("selected")]
        known = list(dict.fromkeys(pk for pk in ids if pk is not None))
        if not known or len(ids) > MOST or None in ids:
            raise SelectionInvalid
        return cls(known)


@dataclass(frozen=True, slots=True)
class SwitchChoice:
    """Which products shall renew by themselves from now on, or no longer.

    With `all_of` all that its filter finds, whatever is selected on the page.
    """

    product_ids: list[int]
    on: bool
    all_of: RenewalFilter | None = None

    @classmethod
    def read(cls, data: QueryDict, query: QueryDict) -> "SwitchChoice":
        """Return what was chosen: by a list's form, or by a row's menu, which names its product in `query`.

        :raises ChoiceInvalid: nothing or too much is selected, or it is not said which way.
        """
        wanted = data.get("auto_renew", "")
        if wanted not in {"on", "off"}:
            raise ChoiceInvalid
        try:
            selection = Selection.read(query if "selected" in query else data)
        except SelectionInvalid as error:
            raise ChoiceInvalid from error
        return cls(selection.product_ids, wanted == "on", selection.all_of)


def way_back(request: OrganizationRequest) -> str:
    """Return where a page of renewals leads to when it is done: where it came from, else to the list."""
    # A row's menu names its way back in the address: the form around it may have a "next" of its own.
    wanted = request.GET.get("next") or request.POST.get("next")
    return local_path(wanted, reverse("billing:renewals", args=[request.organization.pk]))
