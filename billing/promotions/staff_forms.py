"""Forms of the back office: codes and free credits."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from billing.promotions.forms import MAX_CODE
from billing.promotions.models import CodeKind, PromoCode
from billing.promotions.staff_selectors import STATES, find_organization, list_plan_slugs
from manager.kit.fields import CURRENCIES, PERIOD_MONTHS, refuse_control_characters
from manager.kit.ids import MAX_ID
from manager.kit.money import Money
from organizations.profile.models import Organization
from products.catalog.labels import describe_period
from products.catalog.models import Family, Plan
from products.catalog.price_forms import FIRST_DAY, LAST_DAY, AmountField

MOST_USES = 1_000_000
MOST_MONTHS = 120
MOST_PLANS = 200


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class PeriodForm(forms.Form):
    """A first day and, perhaps, a last one."""

    valid_from = _day(_("From"))
    valid_until = _day(_("Last day"), required=False, help_text=_("Empty: until further notice."))

    def clean(self) -> dict[str, Any]:
        """Ask for days in their order, of this age."""
        cleaned = super().clean() or {}
        for name in ("valid_from", "valid_until"):
            day = cleaned.get(name)
            if day and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, _("Enter a day of this century."))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("valid_until", _("The last day is before the first one."))
        return cleaned


class CodeForm(PeriodForm):
    """What a code takes off, of what, for whom and when."""

    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        validators=[refuse_control_characters],
        help_text=_("For staff only."),
    )
    kind = forms.ChoiceField(label=_("Takes off"), choices=CodeKind.choices)
    percent = forms.DecimalField(
        label=_("Percent"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        decimal_places=2,
        max_digits=5,
    )
    amount = AmountField(label=_("Amount without VAT"), required=False)
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        choices=[("", _("Any")), *CURRENCIES],
        help_text=_("An amount and a minimum need one."),
    )
    minimum_amount = AmountField(
        label=_("Minimum"),
        required=False,
        help_text=_("What the products that it is for cost at least, without VAT."),
    )
    families = forms.MultipleChoiceField(
        label=_("Families"), required=False, widget=forms.CheckboxSelectMultiple
    )
    plans = forms.CharField(
        label=_("Plans"),
        required=False,
        max_length=10_000,
        validators=[refuse_control_characters],
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Short names, apart by spaces. Without plans and families it is for everything."),
    )
    months = forms.TypedMultipleChoiceField(
        label=_("Periods"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for every period."),
    )
    first_order_only = forms.BooleanField(label=_("Only for a customer's first order"), required=False)
    limit_total = forms.IntegerField(
        label=_("Limit in total"), required=False, min_value=1, max_value=MOST_USES
    )
    limit_per_organization = forms.IntegerField(
        label=_("Limit for each customer"), required=False, min_value=1, max_value=MOST_USES
    )
    only_organization = forms.IntegerField(
        label=_("Only for the customer number"), required=False, min_value=1, max_value=MAX_ID
    )
    field_order: tuple[str, ...] = ("note", "kind", "percent", "amount", "currency", "minimum_amount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        families: Any = self.fields["families"]
        families.choices = [(row.slug, row.name) for row in Family.objects.order_by("position", "id")]
        months: Any = self.fields["months"]
        months.choices = [(count, describe_period(count)) for count in PERIOD_MONTHS]

    def clean_plans(self) -> list[str]:
        """Return the slugs of plans that exist."""
        slugs = list(dict.fromkeys(str(self.cleaned_data["plans"]).replace(",", " ").split()))
        unknown = [slug for slug in slugs if slug not in list_plan_slugs()] if slugs else []
        if unknown:
            raise ValidationError(_("There is no plan %(slug)s."), params={"slug": unknown[0][:60]})
        if len(slugs) > MOST_PLANS:
            raise ValidationError(_("This is too long."))
        return slugs

    def clean_only_organization(self) -> int | None:
        """Return the number of a customer who is there."""
        number: int | None = self.cleaned_data["only_organization"]
        if number is not None and find_organization(organization_id=number) is None:
            raise ValidationError(_("There is no customer of this number."))
        return number

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind needs, and leave out what it does not."""
        cleaned = super().clean()
        is_percent = cleaned.get("kind") == CodeKind.PERCENT
        wanted, other = ("percent", "amount") if is_percent else ("amount", "percent")
        if not cleaned.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, _("Say how much it takes off."))
        cleaned[other] = None
        needs = cleaned.get("minimum_amount") is not None or not is_percent
        if needs and not cleaned.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("Choose the currency of the amount."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the terms as the verbs take them; only after `is_valid`."""
        terms = dict(self.cleaned_data)
        terms.pop("code", None)
        if terms["percent"] is not None:
            terms["percent"] = int(terms["percent"] * 100)
        return terms

    @staticmethod
    def initial_of(code: PromoCode) -> dict[str, Any]:
        """Return what the form shows of a code."""
        shown = {name: getattr(code, name) for name in CodeForm.base_fields}
        shown["plans"] = " ".join(code.plans)
        shown["percent"] = Decimal(code.percent) / 100 if code.percent is not None else None
        for name in ("amount", "minimum_amount"):
            minor = getattr(code, name)
            shown[name] = Money(minor, code.currency).as_decimal() if minor is not None else None
        return shown


class NewCodeForm(CodeForm):
    """A new code, with the word that people type."""

    code = forms.RegexField(
        r"\A\s*[A-Za-z0-9][A-Za-z0-9-]{2,}\s*\Z",
        label=_("Code"),
        max_length=MAX_CODE,
        help_text=_("At least three letters, digits and hyphens; capital or small is the same."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("code", *CodeForm.field_order)


class PlanField(forms.ModelChoiceField):
    """A plan, shown by its name."""

    def label_from_instance(self, obj: Plan) -> str:
        """Return family and name in the language of the page."""
        return f"{obj.family.name} – {obj.name}"


class CreditForm(PeriodForm):
    """A free credit for an organization: an amount, or months."""

    organization = forms.IntegerField(label=_("Customer number"), min_value=1, max_value=MAX_ID)
    plan = PlanField(
        label=_("Plan"),
        queryset=Plan.objects.select_related("family").order_by("family__position", "position", "id"),
        to_field_name="slug",
    )
    months = forms.IntegerField(
        label=_("Months free"),
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
        help_text=_("Of one unit of the plan, in one order."),
    )
    amount = AmountField(
        label=_("Or an amount without VAT"), required=False, help_text=_("In the customer's currency.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        validators=[refuse_control_characters],
        help_text=_("The customer sees it."),
    )
    field_order = ("organization", "plan", "months", "amount", "reason")

    def clean_organization(self) -> Organization:
        """Return the customer of the number."""
        found = find_organization(organization_id=self.cleaned_data["organization"])
        if found is None:
            raise ValidationError(_("There is no customer of this number."))
        return found

    def clean(self) -> dict[str, Any]:
        """Ask for months or an amount, one of both."""
        cleaned = super().clean()
        if bool(cleaned.get("months")) == bool(cleaned.get("amount")) and not self.errors.keys() & {
            "months",
            "amount",
        }:
            self.add_error("months", _("Enter an amount or a number of months, one of both."))
        return cleaned


class _FilterForm(forms.Form):
    """Words and a state; what is none is passed over."""

    q = forms.CharField(max_length=100, required=False, validators=[refuse_control_characters])

    def wanted(self) -> dict[str, str]:
        """Return the filters that are right."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}


STATES_SOUGHT = [("waiting", _("Not used")), ("used", _("Used")), ("withdrawn", _("Withdrawn"))]


class CodeFilterForm(_FilterForm):
    """Filters of the list of codes."""

    state = forms.ChoiceField(choices=list(STATES.items()), required=False)
    kind = forms.ChoiceField(choices=CodeKind.choices, required=False)


class CreditFilterForm(_FilterForm):
    """Filters of the list of free credits."""

    state = forms.ChoiceField(choices=STATES_SOUGHT, required=False)
