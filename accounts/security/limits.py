"""How often links may be opened, and mails sent to addresses that a person names."""

from accounts.sessions.limits import HOUR, take_or_refuse

MAILS_PER_PERSON = 5
# Opening links and giving passwords, for each address and quarter of an hour.
TRIES_PER_ADDRESS = 100


def take_mail(user_id: int) -> None:
    """Count a mail to a named address: nobody floods a stranger's mailbox, on pages or over the API.

    :raises TooManyAttempts: five were sent within the hour.
    """
    take_or_refuse(f"address-change:person:{user_id}", limit=MAILS_PER_PERSON, window_seconds=HOUR)
