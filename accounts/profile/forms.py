"""The form of the person's picture."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.profile.services import MAX_BYTES


class AvatarForm(forms.Form):
    """A picture of the person (ACC-14)."""

    file = forms.FileField(
        label=_("Picture"),
        max_length=255,
        help_text=_("PNG, JPEG, WebP or GIF, at most 4 MB. It is cut to a square around its middle."),
        error_messages={"required": _("Please choose a picture of at most 4 MB.")},
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )

    def clean_file(self) -> bytes:
        """Return what was sent, but not more than a byte beyond the limit."""
        data: bytes = self.cleaned_data["file"].read(MAX_BYTES + 1)
        return data
