"""Forms of receivers of billing messages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.users.forms import EmailField
from billing.receivers.models import BillingReceiver
from billing.receivers.status import Message
from manager.kit.fields import refuse_control_characters


class ReceiverForm(forms.Form):
    """What an address gets, and how it is written to."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        validators=[refuse_control_characters],
        help_text=_("For example the accountant's office, or what the inbox is for."),
    )
    language = forms.ChoiceField(label=_("Language of the messages"), choices=settings.LANGUAGES)
    messages = forms.MultipleChoiceField(
        label=_("Messages"),
        choices=Message.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one kind of message.")},
    )

    @staticmethod
    def initial_of(receiver: BillingReceiver) -> dict[str, Any]:
        """Return a receiver as the form shows it."""
        return {name: getattr(receiver, name) for name in ("name", "language", "messages")}


class NewReceiverForm(ReceiverForm):
    """A new receiver; the address stays what it is."""

    email = EmailField(autocomplete="off", help_text=_("Nothing is sent there before its reader has agreed."))
