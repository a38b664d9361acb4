"""What follows from events: mails about mailboxes, and a product's end takes them along."""

from accounts.users.selectors import find_user_by_email
from manager.kit.actor import Actor
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import ENDED
from products.modules.mail.addresses import as_domain, is_proved
from products.modules.mail.emails import mail_password_changed, mail_removed
from products.modules.mail.models import Mailbox, MailDomain, MailRoute
from products.modules.mail.operations import KIND
from products.modules.mail.services.remove import tell_removed
from products.modules.mail.status import EntryStatus


def keep_domain(event: OutboxEvent) -> None:
    """Keep the domain for which a mail service was ordered, before anybody renames the product."""
    products = Product.objects.filter(organization_id=event.organization_id, plan__kind=KIND)
    product = products.filter(pk=event.payload["product"]).first()
    domain = as_domain(product.name) if product else ""
    if product is not None and domain:
        MailDomain.objects.get_or_create(
            organization_id=product.organization_id, product_id=product.pk, defaults={"name": domain}
        )


def clear_away(event: OutboxEvent) -> None:
    """Forget the mailboxes of a product that has ended for good; its service goes as a whole.

    Who signs in with one of the addresses hears of it (ACC-13), as when it is deleted by itself.
    """
    owner, product_id = event.organization_id, event.payload["product"]
    product = Product.objects.filter(organization_id=owner, pk=product_id, plan__kind=KIND).first()
    if product is None or product.status not in ENDED or product.restorable_until is not None:
        return
    MailRoute.objects.filter(organization_id=owner, product_id=product_id).delete()
    actor = Actor.system("mail")
    mailboxes = Mailbox.objects.filter(organization_id=owner, product_id=product_id)
    for mailbox in mailboxes.select_for_update().order_by("pk"):
        if mailbox.status != EntryStatus.LEAVING:
            tell_removed(
                mailbox, actor=actor, at=event.created_at, ended_at=product.ended_at or event.created_at
            )
        mailbox.delete()


def email_removed(event: OutboxEvent) -> None:
    """Tell the technical contacts that a mailbox was deleted, and by whom."""
    mail_removed(
        organization=Organization.objects.get(pk=event.organization_id),
        address=event.payload["address"],
        product_id=event.payload["product"],
        by=event.payload["by_name"],
        dedupe_key=str(event.pk),
        at=event.created_at,
    )


def email_password_changed(event: OutboxEvent) -> None:
    """Tell the reader that somebody else changed the password of the mailbox.

    By the recovery address of the person whose login it is, as the mailbox may be closed to him or her now;
    else by the mailbox. Nobody is written to in a domain that is not the organization's own.
    """
    mailboxes = Mailbox.objects.select_related("organization").filter(organization_id=event.organization_id)
    mailbox = mailboxes.filter(pk=event.payload["mailbox"]).first()
    if mailbox is None or mailbox.is_leaving:
        return
    domain = mailbox.address.rpartition("@")[2]
    if not is_proved(organization_id=event.organization_id, domain=domain):
        return
    reader = find_user_by_email(mailbox.address)
    if reader is not None and reader.pk == event.payload["by"]:
        return
    mail_password_changed(
        mailbox=mailbox,
        recipient=(reader.recovery_email if reader else "") or mailbox.address,
        language=reader.language if reader else mailbox.organization.language,
        by=event.payload["by_name"],
        dedupe_key=str(event.pk),
        at=event.created_at,
    )
