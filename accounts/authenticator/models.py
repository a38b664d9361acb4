"""Linked phones, offers to link one, and requests for approval (ACC-10)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_otp.models import Device as Factor
from django_otp.models import ThrottlingMixin, TimestampMixin

from accounts.authenticator.codes import find_step
from accounts.authenticator.status import OPEN, ApprovalStatus
from manager.kit.encryption import decrypt


class LinkedPhone(TimestampMixin, ThrottlingMixin, Factor):
    """A phone with a key pair of its own. Only the public key is known here; it signs what it answers.

    The secret of its offline codes is stored encrypted. `reference` is how the phone names itself; it
    is random and tells nothing about the person. It counts as a factor once it is `confirmed`, which the
    panel does in the session that offered the link.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    system = models.CharField(max_length=60, blank=True)
    public_key = models.JSONField()
    encrypted_secret = models.BinaryField()
    last_step = models.BigIntegerField(default=-1)
    push_subscription = models.JSONField(null=True)

    def __str__(self) -> str:
        return str(self.name)

    @property
    def secret(self) -> bytes:
        """Return the secret of the offline codes."""
        return decrypt(self.encrypted_secret, purpose=f"authenticator.secret:{self.reference}")

    def get_throttle_factor(self) -> float:
        """Return the seconds to wait after a first wrong code; each further one doubles them."""
        return 1.0

    def verify_token(self, token: str) -> bool:
        """Check an offline code; django-otp calls this under the row's lock (INC-13). Each works once."""
        at: datetime = timezone.now()
        if not self.verify_is_allowed()[0]:
            return False
        step = find_step(self.secret, token, at)
        if step is None or step <= self.last_step:
            self.throttle_increment()
            return False
        self.last_step, self.last_used_at = step, at
        self.throttle_reset(commit=False)
        self.save()
        return True


class PhoneOffer(models.Model):
    """An open offer to link a phone: a QR code and a short code, for ten minutes, once.

    Both are derived from `reference` with the panel's secret key; stored are their hashes, to find it by.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="phone_offers")
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, unique=True)
    # The session that asked stays open when the others end with the first second factor.
    session_id = models.BigIntegerField(null=True)
    phone = models.ForeignKey(LinkedPhone, null=True, on_delete=models.SET_NULL, related_name="offers")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Offer {self.pk}"


class ApprovalRequest(models.Model):
    """A sign-in that waits for a phone's YES, with the number that the person sees in the browser."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="approvals")
    status = models.CharField(max_length=8, choices=ApprovalStatus.choices, default=ApprovalStatus.PENDING)
    # Else a signed-in person proves who he or she is, before a sensitive act.
    is_sign_in = models.BooleanField(default=True)
    number = models.PositiveSmallIntegerField()
    choices = ArrayField(models.PositiveSmallIntegerField(), size=3)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=60, blank=True)
    system = models.CharField(max_length=60, blank=True)
    phone = models.ForeignKey(LinkedPhone, null=True, on_delete=models.SET_NULL, related_name="answers")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(status__in=OPEN), name="approval_one_open_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"Approval {self.pk}"
