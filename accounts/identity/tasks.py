"""What follows from events of identity checks: whose account it is, mails, text messages."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.identity.links import token_of
from accounts.identity.models import IdentityCase
from accounts.identity.services import find_owner, make_result
from accounts.identity.status import Reason, Refusal
from accounts.users.emails import queue_mail_to
from manager.kit.actor import Actor
from manager.outbox.models import OutboxEvent
from manager.outbox.sms import queue_sms


def find_owner_of_case(event: OutboxEvent) -> None:
    """Look up whose account a visitor's case is about; the owner is told by a further event."""
    find_owner(case_id=event.payload["case"], actor=Actor.system("identity"), at=event.created_at)


def email_case_opened(event: OutboxEvent) -> None:
    """Mail the link to who is asked for a check; tell who began one about his or her own account."""
    case = _case(event)
    if case.user is None or event.payload["user"] is None:
        return
    if "hold" in case.subject:  # the mail about the held order brings the link
        return
    if event.payload["asks"]:
        queue_mail_to(case.user, template="identity_requested", event=event, case=case, token=token_of(case))
    else:
        queue_mail_to(case.user, template="identity_opened", event=event, case=case)


def email_owner_found(event: OutboxEvent) -> None:
    """Tell the owner of an account that a visitor wants to be checked in his or her name."""
    _mail(event, "identity_opened")


def email_submitted(event: OutboxEvent) -> None:
    """Say that the documents have come, and how to stop it."""
    _mail(event, "identity_submitted")


def tell_approved(event: OutboxEvent) -> None:
    """Tell the owner by mail, and the proved number what it needs: the link, or the login (ACC-7)."""
    _mail(event, "identity_approved")
    case = _case(event)
    if case.user is None:
        return
    with translation.override(case.user.language):
        if case.reason == Reason.LOST_PASSWORD:
            secret = make_result(case_id=case.pk, at=event.created_at)
            link = settings.PUBLIC_BASE_URL + reverse("accounts:identity_result", args=[secret])
            text = _("%(brand)s: your identity is confirmed. Set a new password within 48 hours: %(link)s")
            _sms(event, case, text % {"brand": settings.BRAND_NAME, "link": link})
        elif case.reason == Reason.LOST_LOGIN:
            text = _("%(brand)s: your identity is confirmed. Your login is %(login)s")
            _sms(event, case, text % {"brand": settings.BRAND_NAME, "login": case.user.email})
        elif case.reason == Reason.LOST_FACTOR:
            text = _(
                "%(brand)s: your identity is confirmed. In 24 hours you sign in with your password alone."
            )
            _sms(event, case, text % {"brand": settings.BRAND_NAME})


def tell_refused(event: OutboxEvent) -> None:
    """Tell why and how to go on, by mail to the account's owner and by SMS to who sent the documents."""
    case = _case(event)
    if case.user is not None:
        with translation.override(case.user.language):
            why = str(Refusal(case.refusal).label)
        queue_mail_to(case.user, template="identity_refused", event=event, case=case, why=why)
    with translation.override(case.user.language if case.user else settings.LANGUAGE_CODE):
        text = _(
            "%(brand)s: we could not confirm your identity. %(why)s You may start again, or write to us."
        )
        _sms(event, case, text % {"brand": settings.BRAND_NAME, "why": Refusal(case.refusal).label})


def email_expired(event: OutboxEvent) -> None:
    """Say that the check has ended without a decision, and that the files are gone."""
    _mail(event, "identity_expired")


def email_withdrawn(event: OutboxEvent) -> None:
    """Say that the check was stopped."""
    _mail(event, "identity_withdrawn")


def email_factors_removed(event: OutboxEvent) -> None:
    """Say that the second factors are gone (ACC-11)."""
    _mail(event, "identity_factors_removed")


def _case(event: OutboxEvent) -> IdentityCase:
    return IdentityCase.objects.select_related("user").get(pk=event.payload["case"])


def _mail(event: OutboxEvent, template: str) -> None:
    """Mail the owner at the login and at the recovery address: one of the two may be in foreign hands."""
    case = _case(event)
    if case.user is None or event.payload["user"] is None:
        return
    queue_mail_to(case.user, template=template, event=event, case=case)
    recovery = case.user.recovery_email
    if recovery and not case.user.has_temporary_login:
        queue_mail_to(case.user, template=template, event=event, recipient=recovery, case=case)


def _sms(event: OutboxEvent, case: IdentityCase, text: str) -> None:
    if case.phone_proved_at is not None and case.phone:
        queue_sms(recipient=case.phone, text=text, dedupe_key=f"{event.id}:sms", at=event.created_at)
