"""What follows from events about tokens: security mails (ACC-11)."""

from accounts.tokens.models import ApiToken
from accounts.tokens.scopes import Scope
from accounts.users.emails import queue_mail_to
from manager.outbox.models import OutboxEvent


def email_api_token_created(event: OutboxEvent) -> None:
    """Tell the person that a token was made, and what it may do."""
    token = ApiToken.objects.filter(pk=event.payload["token"]).select_related("user").first()
    if token is not None:
        scopes = [Scope(scope).label for scope in token.scopes]
        queue_mail_to(token.user, template="api_token_created", event=event, token=token, scopes=scopes)
