"""Identity checks: the case, its photographs (encrypted, for 72 hours at most) and its journal."""

import uuid
from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identity.status import (
    ACTIVE,
    ENTRIES,
    PAGES_OF,
    TONES,
    CaseStatus,
    Document,
    Page,
    Reason,
    Refusal,
)
from manager.kit.actor import ActorKind
from manager.kit.errors import Text


class IdentityCase(models.Model):
    """One check of one person (ACC-12).

    `contact` is what a visitor typed; `user` is whose account it is, unknown until a worker has looked, and
    for a phone number of several people until staff choose. `phone` is proved by a code. `subject` holds
    ids of what the case is about, for who opened it (an order). The link's secret is derived from `nonce`
    and stored hashed only.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="identity_cases"
    )
    reason = models.CharField(max_length=20, choices=Reason.choices)
    status = models.CharField(max_length=10, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    contact = models.CharField(max_length=254, blank=True)
    subject = models.JSONField(default=dict)
    nonce = models.UUIDField(default=uuid.uuid4)
    token_hash = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # The person's answers
    phone = models.CharField(max_length=32, blank=True)
    phone_proved_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    code_failures = models.PositiveSmallIntegerField(default=0)
    document = models.CharField(max_length=20, choices=Document.choices, blank=True)
    submitted_at = models.DateTimeField(null=True)
    # The decision
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="identity_decisions"
    )
    refusal = models.CharField(max_length=20, choices=Refusal.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    # When an approval takes effect, and when it has
    effective_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    result_hash = models.CharField(max_length=64, blank=True)
    result_expires_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [("review_identity", "Review identity checks")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=sorted(ACTIVE), closed_at=None)
                | (~Q(status__in=sorted(ACTIVE)) & Q(closed_at__isnull=False)),
                name="identity_case_closed_when_not_active",
            ),
            models.CheckConstraint(
                condition=~Q(status=CaseStatus.APPROVED) | Q(effective_at__isnull=False),
                name="identity_case_approved_takes_effect",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-opened_at", "-id"], name="identity_case_by_status"),
            models.Index(
                fields=["expires_at"], condition=Q(status__in=sorted(ACTIVE)), name="identity_case_to_expire"
            ),
            models.Index(
                fields=["effective_at"],
                condition=Q(status=CaseStatus.APPROVED, done_at=None),
                name="identity_case_to_carry_out",
            ),
        ]

    def __str__(self) -> str:
        return f"Identity check {self.pk}"

    @property
    def tone(self) -> str:
        """The colour of the status."""
        return TONES[CaseStatus(self.status)]

    @property
    def pages(self) -> tuple[Page, ...]:
        """The photographs that the chosen document asks for."""
        return PAGES_OF.get(self.document, ())

    def is_open(self, at: datetime) -> bool:
        """Return whether the person can still answer."""
        return self.status == CaseStatus.OPEN and at < self.expires_at

    @property
    def can_be_stopped(self) -> bool:
        """Whether the owner can withdraw it: it is not closed, or its effect still waits."""
        waits = self.status == CaseStatus.APPROVED and self.done_at is None
        return self.status in ACTIVE or waits


class IdentityImage(models.Model):
    """A photograph of a case, encrypted. Deleted when the case closes, and after 72 hours in any case."""

    case = models.ForeignKey(IdentityCase, on_delete=models.CASCADE, related_name="images")
    page = models.CharField(max_length=10, choices=Page.choices)
    content = models.BinaryField()
    mime_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "page"], name="identity_image_unique")]

    def __str__(self) -> str:
        return f"{self.page} of case {self.case_id}"

    @property
    def purpose(self) -> str:
        """What the content is encrypted for: this page of this case and nothing else."""
        return f"identity.image:{self.case_id}:{self.page}"


class IdentityEntry(models.Model):
    """What was done with a case, also who looked at a photograph. The database refuses any change."""

    case = models.ForeignKey(IdentityCase, on_delete=models.PROTECT, related_name="entries")
    what = models.CharField(max_length=30)
    detail = models.CharField(max_length=200, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="identity_entry_in_order")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.what} of case {self.case_id}"

    @property
    def label(self) -> Text:
        """What happened, in words."""
        return ENTRIES.get(self.what, self.what)

    @property
    def said(self) -> Text:
        """The detail in words: a page, a document, a number."""
        names = {**dict(Page.choices), **dict(Document.choices)}
        return names.get(self.detail, self.detail)

    @property
    def who(self) -> Text:
        """Who did it: a name, the person on the phone, or the panel itself."""
        if self.actor_kind == ActorKind.SYSTEM:
            return _("By itself")
        return self.actor_name or _("In a browser, not signed in")
