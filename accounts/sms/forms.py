"""Forms of codes by SMS."""

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.mfa.forms import FactorNameField
from accounts.users.forms import PhoneField

MOBILE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


class SmsForm(forms.Form):
    """A mobile number, and how the person calls it."""

    phone = PhoneField()
    name = FactorNameField(required=False)

    def clean_phone(self) -> str:
        """Refuse numbers that get no text messages, or cost whoever writes to them (premium ones)."""
        phone = str(self.cleaned_data["phone"])
        if phonenumbers.number_type(phonenumbers.parse(phone)) not in MOBILE:
            raise ValidationError(_("Enter a mobile number, one that gets text messages."))
        return phone
