"""States of an identity check (ACC-12), why one is made, and what is photographed."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text


class CaseStatus(models.TextChoices):
    """Where a case stands."""

    OPEN = "open", _("Waiting for the person")
    SUBMITTED = "submitted", _("To review")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# An approval can be withdrawn as long as its effect waits (DELAY_OF_FACTORS).
TRANSITIONS: dict[str, frozenset[str]] = {
    CaseStatus.OPEN: frozenset({CaseStatus.SUBMITTED, CaseStatus.EXPIRED, CaseStatus.WITHDRAWN}),
    CaseStatus.SUBMITTED: frozenset(
        {CaseStatus.APPROVED, CaseStatus.REFUSED, CaseStatus.EXPIRED, CaseStatus.WITHDRAWN}
    ),
    CaseStatus.APPROVED: frozenset({CaseStatus.WITHDRAWN}),
}
ACTIVE = frozenset({CaseStatus.OPEN, CaseStatus.SUBMITTED})

TONES = {
    CaseStatus.OPEN: "neutral",
    CaseStatus.SUBMITTED: "notice",
    CaseStatus.APPROVED: "positive",
    CaseStatus.REFUSED: "negative",
    CaseStatus.EXPIRED: "neutral",
    CaseStatus.WITHDRAWN: "neutral",
}


class Reason(models.TextChoices):
    """Why somebody has to show who he or she is."""

    LOST_PASSWORD = "lost_password", _("Password lost, and no access to the mailbox")
    LOST_FACTOR = "lost_factor", _("Second factor lost, and no backup code left")
    LOST_LOGIN = "lost_login", _("Login forgotten")
    HELD_ORDER = "held_order", _("Order held")
    ASKED = "asked", _("Asked for by our staff")


# What visitors may choose; what a signed-in person may choose; what staff may choose.
REASONS_OF_VISITORS = (Reason.LOST_PASSWORD, Reason.LOST_FACTOR, Reason.LOST_LOGIN)
REASONS_OF_PEOPLE = (Reason.LOST_PASSWORD, Reason.LOST_FACTOR, Reason.ASKED)
REASONS_OF_STAFF = (Reason.ASKED, Reason.HELD_ORDER, Reason.LOST_PASSWORD, Reason.LOST_FACTOR)

# Files live no longer than this, whatever happens; an unanswered case ends with its link.
LIFE = timedelta(hours=72)
# The owner has this long to stop the removal of the second factor that staff have approved.
DELAY_OF_FACTORS = timedelta(hours=24)
# How long the link in the message after an approval sets a new password.
LIFE_OF_RESULT = timedelta(hours=48)
# A review should not take longer; later ones are shown as overdue.
REVIEW_WITHIN = timedelta(hours=24)


class Document(models.TextChoices):
    """With what a person shows who he or she is."""

    IDENTITY_CARD = "identity_card", _("Identity card")
    PASSPORT = "passport", _("Passport")


class Page(models.TextChoices):
    """One photograph of a case."""

    FRONT = "front", _("Front of the identity card")
    BACK = "back", _("Back of the identity card")
    PASSPORT = "passport", _("Page of the passport with your photograph")
    SELFIE = "selfie", _("Selfie")


PAGES_OF: dict[str, tuple[Page, ...]] = {
    Document.IDENTITY_CARD: (Page.FRONT, Page.BACK, Page.SELFIE),
    Document.PASSPORT: (Page.PASSPORT, Page.SELFIE),
}


# What stands in a case's journal.
ENTRIES: dict[str, Text] = {
    "case_opened": _("Begun"),
    "owner_found": _("Account found"),
    "code_sent": _("Code sent"),
    "code_refused": _("Wrong code"),
    "phone_proved": _("Number confirmed"),
    "document_chosen": _("Document chosen"),
    "photo_stored": _("Photograph stored"),
    "submitted": _("Sent to the staff"),
    "image_viewed": _("Photograph looked at"),
    "approved": _("Approved"),
    "refused": _("Refused"),
    "withdrawn": _("Stopped"),
    "expired": _("Expired"),
    "files_deleted": _("Photographs deleted"),
    "result_used": _("Link for a new password used"),
    "factors_removed": _("Second factors removed"),
}


class Refusal(models.TextChoices):
    """Why staff refuse, in words for the person."""

    UNREADABLE = "unreadable", _("The photographs cannot be read.")
    EXPIRED_DOCUMENT = "expired_document", _("The document has expired.")
    OTHER_PERSON = "other_person", _("Selfie and document do not show the same person.")
    NO_MATCH = "no_match", _("The document does not match the data that we have.")
    ALTERED = "altered", _("The document or a photograph looks altered.")
    OTHER = "other", _("We could not confirm your identity with what we received.")
