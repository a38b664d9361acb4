"""Money in the API: `{"amount": <minor units>, "currency": "CHF"}`, in answers and in requests (API-1)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import fields, serializers

from manager.kit.fields import CURRENCIES
from manager.kit.money import Money

MOST = 10**12
PARTS = frozenset({"amount", "currency"})


class MoneyField(fields.Field[Money, Any, dict[str, Any], Any]):
    """An amount with its currency.

    Answers: the attribute is Money, or whole minor units whose currency is found at `currency`, a path from
    the same object; `context["currency"]` stands in for it. Requests: a Money of `minimum` to `maximum`
    minor units, in `context["currency"]` where that is given.
    """

    default_error_messages = {
        "form": _('Please give an object with "amount" and "currency" alone.'),
        "missing": _("This field is required."),
        "whole": _("Please give a whole number of minor units."),
        "least": _("Ensure this value is greater than or equal to %(least)d."),
        "most": _("Ensure this value is less than or equal to %(most)d."),
        "currency": _("Please use one of these currencies: %(currencies)s."),
    }

    def __init__(
        self, *, currency: str = "currency", minimum: int = 0, maximum: int = MOST, **options: Any
    ) -> None:
        self.currency_path = currency.split(".")
        self.minimum, self.maximum = minimum, maximum
        super().__init__(**options)

    def get_attribute(self, instance: Any) -> Money | None:
        """Return the amount, with its currency."""
        value: Any = super().get_attribute(instance)
        if value is None or isinstance(value, Money):
            return value
        return Money(
            value, self.context.get("currency") or fields.get_attribute(instance, self.currency_path)
        )

    def to_representation(self, value: Money) -> dict[str, Any]:
        """Return the amount as it is sent."""
        return value.as_dict()

    def to_internal_value(self, data: Any) -> Money:
        """Return the amount that was sent; what is wrong with it stands beside its part."""
        if not isinstance(data, dict) or set(data) - PARTS:
            self.fail("form")
        errors = {name: text for name in sorted(PARTS) if (text := self._refusal(name, data))}
        if errors:
            raise serializers.ValidationError({name: [text] for name, text in errors.items()})
        return Money(data["amount"], data["currency"])

    def _refusal(self, name: str, data: dict[str, Any]) -> str:
        """Return what is wrong with a part, "" if nothing."""
        if name not in data:
            return str(self.error_messages["missing"])
        value = data[name]
        if name == "currency":
            known = [self.context["currency"]] if self.context.get("currency") else dict(CURRENCIES)
            told = str(self.error_messages["currency"]) % {"currencies": ", ".join(known)}
            return "" if isinstance(value, str) and value in known else told
        if not isinstance(value, int) or isinstance(value, bool):
            return str(self.error_messages["whole"])
        if value < self.minimum:
            return str(self.error_messages["least"]) % {"least": self.minimum}
        return "" if value <= self.maximum else str(self.error_messages["most"]) % {"most": self.maximum}
