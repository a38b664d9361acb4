"""The hosted mailbox that is a person's login: one password for both (MAIL-2)."""

from datetime import datetime

from django.db import transaction

from accounts.security.mailboxes import register_mailboxes
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.access.decisions import find_access
from products.modules.mail.addresses import is_proved
from products.modules.mail.models import Mailbox
from products.modules.mail.services import share_account_password
from products.modules.mail.status import EntryStatus


def register_account_password() -> None:
    """Let the page of the account's password offer the mailbox as well; called at start-up."""
    register_mailboxes(find_mailbox_of, set_password_of)


def find_mailbox_of(user: User, at: datetime) -> str:
    """Return the address of the mailbox that may share the account's password, "" where there is none."""
    found = _find(user, at)
    return found.address if found else ""


def set_password_of(user: User, password: str, actor: Actor, at: datetime) -> bool:
    """Give this mailbox the account's password; return whether there is one."""
    found = _find(user, at)
    if found is None:
        return False
    with tenant_scope(found.organization_id, user.pk), transaction.atomic():
        share_account_password(mailbox=found, password=password, actor=actor, at=at)
    return True


def _find(user: User, at: datetime) -> Mailbox | None:
    """Return the mailbox that is a person's login, which he or she alone reads and may set the password of.

    He or she is a member of the organization, and the domain is registered there: an address in somebody's
    list is no mailbox of that person.
    """
    if user.email_confirmed_at is None or not user.email:
        return None
    # Across tenants: the person may be a member of many organizations.
    mailboxes = Mailbox.objects.using("system").filter(address=user.email, is_suspended=False)
    mailbox = mailboxes.filter(is_shared=False, is_personal=True).exclude(status=EntryStatus.LEAVING).first()
    if mailbox is None:
        return None
    organization_id = mailbox.organization_id
    if find_access(organization_id=organization_id, user_id=user.pk, at=at) is None:
        return None
    with tenant_scope(organization_id, user.pk):
        if not is_proved(organization_id=organization_id, domain=mailbox.address.rpartition("@")[2]):
            return None
    return mailbox
