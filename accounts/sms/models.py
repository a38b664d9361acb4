"""Mobile numbers that get a code by SMS."""

from django.db import models
from django_otp.models import Device, TimestampMixin

from accounts.users.addresses import mask_phone, show_phone


class SmsFactor(TimestampMixin, Device):
    """A mobile number as a second factor, with the one code that is under way, stored hashed only.

    Codes are checked by `use_sms_code` and `confirm_sms` alone; django-otp's `verify_token` refuses all.
    """

    phone = models.CharField(max_length=16)
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"SMS factor {self.pk}"

    @property
    def hint(self) -> str:
        """The number, as people write it."""
        return show_phone(self.phone)

    @property
    def masked(self) -> str:
        """The number as it is told to who has only given a password."""
        return mask_phone(self.phone)
