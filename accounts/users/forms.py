"""Fields about a person, for every form that has them."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.users.addresses import is_temporary, normalize_email, normalize_login, normalize_phone
from accounts.users.models import User
from accounts.users.passwords import LONGEST, StrengthValidator
from manager.kit.fields import refuse_control_characters

CONTINENTS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


def time_zones() -> list[tuple[str, str]]:
    """Return the time zones to choose from, by place."""
    names = sorted(name for name in available_timezones() if name.startswith(CONTINENTS))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class NameField(forms.CharField):
    """A first or last name."""

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": autocomplete})
        super().__init__(max_length=80, validators=[refuse_control_characters], widget=widget, **options)


class EmailField(forms.CharField):
    """An address, in its one stored form."""

    def __init__(self, *, autocomplete: str = "username", **options: Any) -> None:
        options.setdefault("label", _("E-mail"))
        widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})
        super().__init__(max_length=254, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        """Return the normalized address."""
        return normalize_email(super().to_python(value))

    def validate(self, value: Any) -> None:
        """Refuse what is no address, and what is reserved for temporary logins."""
        super().validate(value)
        if not value:
            return
        validate_email(value)
        if is_temporary(value):
            raise ValidationError(validate_email.message, code="invalid")


class LoginField(forms.CharField):
    """What a person signs in with: the address, or the temporary identifier that was sent (ACC-13)."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("E-mail"))
        # `webauthn`: where the browser can, it offers passkeys here as well.
        attributes = {
            "autocomplete": "username webauthn",
            "spellcheck": "false",
            "autocapitalize": "none",
        }
        widget = forms.TextInput(attrs={**attributes, "inputmode": "email"})
        super().__init__(max_length=254, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        """Return the login as it is stored."""
        return normalize_login(super().to_python(value))

    def validate(self, value: Any) -> None:
        """Refuse what is neither an address nor an identifier."""
        super().validate(value)
        validate_email(value)


class PhoneField(forms.CharField):
    """A phone number, stored in its international form."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Mobile number"))
        widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"})
        super().__init__(max_length=32, widget=widget, **options)

    def clean(self, value: Any) -> str:
        """Return the number as E.164."""
        return normalize_phone(super().clean(value))


class PasswordField(forms.CharField):
    """A password as typed: nothing stripped, nothing shown again."""

    def __init__(self, *, new: bool = False, **options: Any) -> None:
        options.setdefault("label", _("Password"))
        autocomplete = "new-password" if new else "current-password"
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=LONGEST, widget=widget, **options)


class RegistrationFields(forms.Form):
    """What registration asks of the person (ACC-1); the page adds what it asks of the organization."""

    first_name = NameField(label=_("First name"), autocomplete="given-name")
    last_name = NameField(label=_("Last name"), autocomplete="family-name")
    email = EmailField()
    phone = PhoneField()
    password = PasswordField(new=True)

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules and the person's own data (ACC-17)."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        refuse_weak_password(self, "password", _person_of(values))
        return values


class ProfileForm(forms.Form):
    """The person's own data (ACC-14)."""

    first_name = NameField(label=_("First name"), autocomplete="given-name")
    last_name = NameField(label=_("Last name"), autocomplete="family-name")
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[("system", _("As on this device")), ("light", _("Light")), ("dark", _("Dark"))],
    )


def refuse_weak_password(form: forms.Form, field: str, user: User | None) -> None:
    """Put the reason beside the field where its password is not good enough."""
    password = form.cleaned_data.get(field)
    if not password:
        return
    try:
        StrengthValidator().validate(password, user)
    except ValidationError as error:
        form.add_error(field, error)


def _person_of(values: dict[str, Any]) -> User:
    names = ("email", "first_name", "last_name", "phone")
    return User(**{name: values.get(name) or "" for name in names})
