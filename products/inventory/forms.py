"""What the list of products can be filtered by, and the form for a product's name."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters
from manager.kit.forms import ListFilter
from manager.kit.ids import MAX_ID
from products.inventory.services.names import MAX_NAME, MAX_REFERENCE
from products.inventory.status import ProductStatus

EXPIRED = "expired"
WINDOWS = [
    ("", _("Any expiry")),
    ("30", _("Within 30 days")),
    ("60", _("Within 60 days")),
    ("90", _("Within 90 days")),
    (EXPIRED, _("Expired")),
]
RENEWALS = [("", _("Any renewal")), ("on", _("Automatic renewal on")), ("off", _("Automatic renewal off"))]
ACTIONS = [("", _("Any action")), ("open", _("Action under way"))]
STATUSES = [("", _("All current")), *ProductStatus.choices]
SORTS = [(sign + name, name) for name in ("expires_on", "name", "status") for sign in ("", "-")]
DEFAULT_SORT = "expires_on"


class ProductFilter(ListFilter):
    """The line above the list of products."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    kind = forms.SlugField(required=False, max_length=50)
    status = forms.ChoiceField(required=False, choices=STATUSES)
    expires = forms.ChoiceField(required=False, choices=WINDOWS)
    renewal = forms.ChoiceField(required=False, choices=RENEWALS)
    actions = forms.ChoiceField(required=False, choices=ACTIONS)
    tag = forms.IntegerField(required=False, min_value=1, max_value=MAX_ID)
    sort = forms.ChoiceField(required=False, choices=SORTS)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order and the kind was asked for: a kind is a list of its own."""
        names = ("q", "status", "expires", "renewal", "actions", "tag")
        return any(self.cleaned_data[name] for name in names)


def filters_of(values: dict[str, Any], *, today: date) -> dict[str, Any]:
    """Return the keywords of `find_products` for checked filters; windows count from `today`."""
    window = values["expires"]
    before = None
    if window:
        before = today + timedelta(days=1 if window == EXPIRED else int(window) + 1)
    return {
        "search": values["q"].strip(),
        "kind": values["kind"],
        "status": values["status"],
        "expires_before": before,
        "auto_renew": {"on": True, "off": False}.get(values["renewal"]),
        "tag": values["tag"],
        "is_busy": True if values["actions"] else None,
    }


class RenameForm(forms.Form):
    """What a product is called in the panel, and the organization's own words for it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_NAME,
        validators=[refuse_control_characters],
        help_text=_("Shown in the panel and in mails. The service itself stays as it is."),
    )
    internal_name = forms.CharField(
        label=_("Internal name"),
        max_length=MAX_NAME,
        required=False,
        validators=[refuse_control_characters],
        help_text=_("What your organization calls it. Only its members see and find it."),
    )
    reference = forms.CharField(
        label=_("Own reference"),
        max_length=MAX_REFERENCE,
        required=False,
        validators=[refuse_control_characters],
        help_text=_("For example a cost centre or the number of your order."),
    )
