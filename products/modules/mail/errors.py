"""What cannot be done with addresses of a mail service."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, NotFound


class MailboxNotFound(NotFound):
    """The mailbox does not exist at this product."""

    message = _("This mailbox does not exist.")


class RouteNotFound(NotFound):
    """The alias or redirection does not exist at this product."""

    message = _("This alias or redirection does not exist.")


class NoMail(NotFound):
    """The product is no mail service."""

    message = _("This product has no mailboxes.")


class MailNotRunning(DomainError):
    """The product does not run, so nothing can be set up."""

    code = "mail_not_running"
    message = _("This is possible only while the product is active.")


class LimitReached(DomainError):
    """The offer has no more mailboxes."""

    code = "mailbox_limit"
    field = "name"
    message = _("All mailboxes of the offer are in use. Delete one, or modify the offer.")


class AddressTaken(DomainError):
    """Something else has this address, or it is still being deleted."""

    code = "address_taken"
    field = "name"
    message = _("This address is in use already, or is still being deleted.")


class RouteLoops(DomainError):
    """Mail would come back to where it began."""

    code = "mail_loop"
    status = 422
    field = "targets"
    message = _("Mail would go round in a circle: one of the targets leads back to this address.")


class NotThisKind(DomainError):
    """An alias leads to a mailbox, a redirection to addresses; neither becomes the other."""

    code = "mail_route_kind"
    message = _("An alias leads to a mailbox, and a redirection to addresses.")


class CopyNeedsMailbox(DomainError):
    """A copy can be kept only in a mailbox of the same address."""

    code = "copy_needs_mailbox"
    status = 422
    field = "keeps_copy"
    message = _("There is no mailbox of this address in which a copy could be kept.")


class EntryLeaving(DomainError):
    """It was deleted; only the servers have yet to follow."""

    code = "being_deleted"
    message = _("This is being deleted.")
