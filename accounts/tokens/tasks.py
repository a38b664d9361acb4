"""What follows from events about tokens: security mails (ACC-11)."""

from accounts.tokens.models import ApiToken
from accounts.tokens.scopes import Scope
from accounts.users.emails import queue_mail_to
from accounts.users.mails import OptionalMail, wants_mail
from manager.outbox.models import OutboxEvent


def email_api_token_created(event: OutboxEvent) -> None:
    """Tell the person that a token was made, and what it may do."""
    _email(event, "api_token_created")


def email_api_token_rotated(event: OutboxEvent) -> None:
    """Tell the person that a token has a new secret, and until when the old one works."""
    _email(event, "api_token_rotated")


def email_api_token_widened(event: OutboxEvent) -> None:
    """Tell the person what a token may do in addition."""
    _email(event, "api_token_widened")


def email_api_token_expires_soon(event: OutboxEvent) -> None:
    """Remind the person of a token that expires soon; not of one that has ended or was renewed since."""
    token = ApiToken.objects.filter(pk=event.payload["token"]).select_related("user").first()
    if token is None or not wants_mail(token.user, OptionalMail.TOKEN_EXPIRY):
        return
    if token.is_usable(event.created_at) and token.reminded_days is not None:
        _email(event, "api_token_expires_soon")


def email_api_token_disabled(event: OutboxEvent) -> None:
    """Tell the person that a token ended because nobody used it for a year."""
    _email(event, "api_token_disabled")


def _email(event: OutboxEvent, template: str) -> None:
    token = ApiToken.objects.filter(pk=event.payload["token"]).select_related("user").first()
    if token is not None:
        named = event.payload.get("added", token.scopes)
        scopes = [Scope(scope).label for scope in named]
        queue_mail_to(token.user, template=template, event=event, token=token, scopes=scopes)
