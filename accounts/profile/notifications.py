"""Mails to a person that he or she may do without, and those that always come."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.users.mails import OptionalMail
from manager.kit.errors import Text


@dataclass(frozen=True, slots=True)
class MailChoice:
    """An optional mail in words."""

    label: Text
    hint: Text


CHOICES: dict[str, MailChoice] = {
    OptionalMail.TOKEN_EXPIRY: MailChoice(
        _("API tokens that expire soon"), _("14 and 3 days before a token of yours stops working.")
    ),
    OptionalMail.ACCESS_REQUESTS: MailChoice(
        _("Requests for access"), _("When somebody in an organization asks for access that you can give.")
    ),
    OptionalMail.ACCESS_ANSWERS: MailChoice(
        _("Answers to your requests"), _("When your own request for access is approved or refused.")
    ),
}

ALWAYS_SENT: list[Text] = [
    _("Sign-ins from a device not seen before"),
    _("Changes of password, login, recovery address or mobile number"),
    _("Second factors added or removed, backup codes used"),
    _("API tokens made, applications allowed"),
    _("Sessions ended, sign-ins refused or locked"),
    _("Changes of your role in an organization"),
]
