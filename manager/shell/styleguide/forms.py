"""A form with every kind of field, as the styleguide draws it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """Every widget that `c-field` knows."""

    company = forms.CharField(label=_("Company"), help_text=_("As it stands in the commercial register."))
    email = forms.EmailField(label=_("E-mail address"))
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 15 characters; a sentence is easy to remember."),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=[("CH", _("Switzerland")), ("DE", _("Germany")), ("FR", _("France"))],
    )
    start = forms.DateField(label=_("Start"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    role = forms.ChoiceField(
        label=_("Role"),
        widget=forms.RadioSelect,
        initial="collaborator",
        choices=[("administrator", _("Administrator")), ("collaborator", _("Collaborator"))],
    )
    mails = forms.MultipleChoiceField(
        label=_("Contact preferences"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("billing", _("Billing")), ("technical", _("Technical")), ("legal", _("Legal"))],
    )
    terms = forms.BooleanField(label=_("I accept the terms of use."))
