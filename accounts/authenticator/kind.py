"""The operator's authenticator as a kind of second factor (ACC-8, ACC-10)."""

from django.utils.translation import gettext_lazy as _

from accounts.authenticator.models import LinkedPhone
from accounts.mfa.factors import FactorKind

SLUG = "authenticator"

AUTHENTICATOR = FactorKind(
    slug=SLUG,
    label=_("Linked phone"),
    description=_("Your phone asks you at each sign-in: yes or no. Without a network it shows a code."),
    icon="smartphone-nfc",
    order=10,
    model=LinkedPhone,
    add_route="accounts:phone_link",
    step_route="accounts:phone_step",
)
