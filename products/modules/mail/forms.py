"""Forms of the mail service."""

import csv
import io
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.users.forms import PasswordField
from manager.kit.fields import refuse_control_characters
from manager.kit.forms import ListFilter
from products.modules.mail.models import Mailbox
from products.modules.mail.selectors import SUSPENDED
from products.modules.mail.services import NewMailbox, Reply
from products.modules.mail.services.create import DEFAULT_QUOTA_GB, MOST_QUOTA_GB
from products.modules.mail.services.routes import MOST_TARGETS
from products.modules.mail.status import EntryStatus, RouteKind

STATUSES = [("", _("All states")), *EntryStatus.choices, (SUSPENDED, _("Suspended"))]
KINDS = [("", _("Aliases and redirections")), *RouteKind.choices]
MOST_LINES = 50
LONGEST_REPLY = 5000
SAFE_TEXT = [refuse_control_characters]


class MailboxFilter(ListFilter):
    """The line above the list of mailboxes."""

    q = forms.CharField(required=False, max_length=100, validators=SAFE_TEXT)
    status = forms.ChoiceField(required=False, choices=STATUSES)


class RouteFilter(ListFilter):
    """The line above the list of aliases and redirections."""

    q = forms.CharField(required=False, max_length=100, validators=SAFE_TEXT)
    kind = forms.ChoiceField(required=False, choices=KINDS)


class UseForm(forms.Form):
    """The room of a mailbox, and who uses it."""

    quota_gb = forms.IntegerField(
        label=_("Room in GB"), min_value=1, max_value=MOST_QUOTA_GB, initial=DEFAULT_QUOTA_GB
    )
    is_shared = forms.BooleanField(
        required=False, label=_("Several people read it"), help_text=_("For example info@ or office@.")
    )
    is_personal = forms.BooleanField(
        required=False,
        initial=True,
        label=_("Its reader may change the password"),
        help_text=_("Where the mailbox is the login of one person, one password can serve for both."),
    )


class MailboxForm(UseForm):
    """A new mailbox."""

    field_order = ("name", "password", "quota_gb", "is_shared", "is_personal")

    name = forms.CharField(label=_("Name before the @"), max_length=64, validators=SAFE_TEXT)
    password = PasswordField(label=_("Password of the mailbox"), new=True)

    def wanted(self) -> NewMailbox:
        """Return the mailbox as it is wanted; valid forms only."""
        return NewMailbox(**self.cleaned_data)


class ImportForm(forms.Form):
    """Several mailboxes, one in each line: name, password and, where wanted, room in GB."""

    lines = forms.CharField(
        label=_("Mailboxes"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off", "spellcheck": "false"}),
        validators=SAFE_TEXT,
        help_text=_("One in each line: name, password, room in GB. At most 50 at once."),
    )

    def clean_lines(self) -> list[NewMailbox]:
        """Return the mailboxes as they are wanted."""
        rows = [row for row in csv.reader(io.StringIO(self.cleaned_data["lines"])) if any(row)]
        if len(rows) > MOST_LINES:
            raise forms.ValidationError(_("At most 50 mailboxes at once, please."))
        return [self._read(number, row) for number, row in enumerate(rows, start=1)]

    @staticmethod
    def _read(number: int, row: list[str]) -> NewMailbox:
        fields = dict(zip(("name", "password", "quota_gb"), (cell.strip() for cell in row), strict=False))
        fields.setdefault("quota_gb", str(DEFAULT_QUOTA_GB))
        form = MailboxForm({**fields, "is_personal": "on"})
        if len(row) > len(fields) or not form.is_valid():
            raise forms.ValidationError(
                _("Line %(number)s is not: name, password, room in GB."), params={"number": number}
            )
        return form.wanted()


class PasswordForm(forms.Form):
    """Another password of a mailbox."""

    password = PasswordField(label=_("New password"), new=True)


class TestForm(forms.Form):
    """A password to be tried."""

    password = PasswordField(label=_("Password"))


class ReplyForm(forms.Form):
    """The auto-reply of a mailbox."""

    is_on = forms.BooleanField(required=False, label=_("Reply by itself"))
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False, validators=SAFE_TEXT)
    text = forms.CharField(
        label=_("Text"), max_length=LONGEST_REPLY, required=False, widget=forms.Textarea, validators=SAFE_TEXT
    )
    starts_on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    @classmethod
    def of(cls, mailbox: Mailbox) -> "ReplyForm":
        """Return the form as the mailbox has it."""
        return cls(
            initial={
                "is_on": mailbox.has_reply,
                "subject": mailbox.reply_subject,
                "text": mailbox.reply_text,
                "starts_on": mailbox.reply_from,
                "ends_on": mailbox.reply_until,
            }
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a text where it is switched on, on one line for the subject, and for days in order."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("is_on"):
            for name in ("subject", "text"):
                if name not in self.errors and not values.get(name, "").strip():
                    self.add_error(name, _("Please write what the reply says."))
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day comes before the first one."))
        return values

    def reply(self) -> Reply | None:
        """Return the reply as it is wanted, None to switch it off; valid forms only."""
        wanted = dict(self.cleaned_data)
        return Reply(**wanted) if wanted.pop("is_on") else None


class AliasTargetForm(forms.Form):
    """The mailbox of an alias."""

    mailbox = forms.CharField(label=_("Delivers to the mailbox"), max_length=254, validators=SAFE_TEXT)


class AliasForm(AliasTargetForm):
    """Another address of a mailbox."""

    name = forms.CharField(label=_("Name before the @"), max_length=64, validators=SAFE_TEXT)
    field_order = ("name", "mailbox")


class RedirectionTargetForm(forms.Form):
    """Where the mail of an address goes on to."""

    targets = forms.CharField(
        label=_("Goes on to"),
        max_length=254 * MOST_TARGETS,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=SAFE_TEXT,
        help_text=_("One address in each line, at most 20."),
    )
    keeps_copy = forms.BooleanField(
        required=False,
        label=_("Keep a copy"),
        help_text=_("Only where there is a mailbox of the same address."),
    )

    def clean_targets(self) -> list[str]:
        """Return the addresses."""
        return [str(line) for line in self.cleaned_data["targets"].replace(",", "\n").split()]


class RedirectionForm(RedirectionTargetForm):
    """An address whose mail goes on to others."""

    name = forms.CharField(label=_("Name before the @"), max_length=64, validators=SAFE_TEXT)
    field_order = ("name", "targets", "keeps_copy")


class ConfirmForm(forms.Form):
    """The box under what loses something."""

    understood = forms.BooleanField(
        label=_("I have read this and want it."),
        error_messages={"required": _("Please confirm that you want this.")},
    )
