"""The life of a held order's check, and the rules that hold one (PRD-5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HoldStatus(models.TextChoices):
    """Where the check of a held order stands."""

    HELD = "held", _("Waits")
    RELEASED = "released", pgettext_lazy("an order", "Released")
    REFUSED = "refused", _("Refused, money on its way back")
    REFUNDED = "refunded", _("Refused, money given back")


H = HoldStatus

TRANSITIONS: dict[str, frozenset[str]] = {
    H.HELD: frozenset({H.RELEASED, H.REFUSED}),
    H.REFUSED: frozenset({H.REFUNDED}),
    H.RELEASED: frozenset(),
    H.REFUNDED: frozenset(),
}


class Decision(models.TextChoices):
    """How a check ended."""

    STAFF = "staff", _("Decided by our staff")
    IDENTITY = "identity", _("The identity was confirmed")
    NO_ANSWER = "no_answer", _("No answer in time")


class RuleKind(models.TextChoices):
    """What a rule looks at."""

    VELOCITY = "velocity", _("Many orders in a short time")
    COUNTRY = "country", _("Countries that do not match")
    AMOUNT = "amount", _("A large amount")
    FIRST_ORDER = "first_order", _("The first order")
    DOMAIN_NAME = "domain_name", _("Words in a domain name")
    EMAIL = "email", _("Pattern of the e-mail address")
