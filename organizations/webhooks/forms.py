"""Forms of webhooks."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters, refuse_implausible_day
from manager.kit.forms import ListFilter
from organizations.access.roles import Permission
from organizations.webhooks.catalogue import EVENTS, TEST_EVENT, events_for, label_of
from organizations.webhooks.rules import LONGEST_ADDRESS
from organizations.webhooks.status import EndpointStatus, MessageStatus


class EndpointForm(forms.Form):
    """An endpoint: where messages go, and about what."""

    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_ADDRESS,
        validators=[refuse_control_characters],
        help_text=_("Begins with https:// and can be reached from the internet."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=120,
        required=False,
        validators=[refuse_control_characters],
        help_text=_("For your colleagues: what the messages are for."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one of the events.")},
    )

    def __init__(self, *args: Any, can: Collection[Permission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["events"]
        field.choices = [(event.name, event.label) for event in events_for(can)]


class EndpointFilter(ListFilter):
    """The line above the endpoints."""

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    status = forms.ChoiceField(required=False, choices=[("", ""), *EndpointStatus.choices])


class MessageFilter(forms.Form):
    """The line above the messages."""

    event = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("All events")),
            *((name, label_of(name)) for name in EVENTS),
            (TEST_EVENT, label_of(TEST_EVENT)),
        ],
    )
    status = forms.ChoiceField(required=False, choices=[("", _("All states")), *MessageStatus.choices])


class ResendForm(forms.Form):
    """Since when given-up messages are sent again."""

    since = forms.DateField(
        label=_("Since"),
        validators=[refuse_implausible_day],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
