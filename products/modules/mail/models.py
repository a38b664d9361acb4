"""What the mail servers are to hold for a product: its domain, mailboxes, aliases and redirections."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from organizations.tenancy.models import OrganizationOwned
from products.modules.mail.status import TRANSITIONS, EntryStatus, RouteKind


class MailDomain(OrganizationOwned):
    """The domain of a mail service, kept from its first use on: the product may be renamed afterwards.

    Its row is the lock under which addresses of the product are made.
    """

    product = models.OneToOneField("products.Product", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=190)

    def __str__(self) -> str:
        return self.name


def _follows_the_table() -> Any:
    steps = [(str(old), str(new)) for old, ends in TRANSITIONS.items() for new in sorted(ends)]
    return pgtrigger.FSM(name="follows_the_table", field="status", transitions=steps)


class MailEntry(OrganizationOwned):
    """Something that the driver carries out: due while `due_at` is set, taken under a lease.

    `fence`, `serial` and `attempts` mean the same as at a service; `last_error` is for staff.
    """

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    address = models.EmailField(max_length=254)
    status = models.CharField(max_length=8, choices=EntryStatus.choices, default=EntryStatus.PENDING)
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    serial = models.PositiveIntegerField(default=1)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.address

    @property
    def is_leaving(self) -> bool:
        """Whether it was deleted and only the servers have yet to follow."""
        return bool(self.status == EntryStatus.LEAVING)


class Mailbox(MailEntry):
    """A mailbox with its own password (MAIL-1). Only the hash is kept, in the scheme of mail servers.

    `is_shared`: several people consult it. `is_personal`: the person whose login it is may change its
    password (MAIL-2). A reply goes out from `reply_from` to `reply_until`, both days included, without
    bounds where they are empty.
    """

    password_hash = models.CharField(max_length=250)
    quota_gb = models.PositiveSmallIntegerField()
    is_suspended = models.BooleanField(default=False)
    is_shared = models.BooleanField(default=False)
    is_personal = models.BooleanField(default=True)
    has_reply = models.BooleanField(default=False)
    reply_from = models.DateField(null=True)
    reply_until = models.DateField(null=True)
    reply_subject = models.CharField(max_length=200, blank=True)
    reply_text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], name="mailbox_address_once"),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="mailbox_normalized"),
            models.CheckConstraint(condition=Q(quota_gb__gte=1), name="mailbox_has_room"),
            models.CheckConstraint(
                condition=Q(reply_from=None) | Q(reply_until=None) | Q(reply_until__gte=F("reply_from")),
                name="mailbox_reply_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "product", "address", "id"], name="mailbox_by_address"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="mailbox_due"),
        ]
        triggers = [_follows_the_table()]


class MailRoute(MailEntry):
    """An alias, which delivers into a mailbox, or a redirection to `targets` (MAIL-1).

    A redirection of a mailbox's own address may keep a copy in the mailbox.
    """

    kind = models.CharField(max_length=11, choices=RouteKind.choices)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="aliases", null=True)
    targets = ArrayField(models.EmailField(max_length=254), default=list, blank=True)
    keeps_copy = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], name="mail_route_address_once"),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="mail_route_normalized"),
            models.CheckConstraint(
                condition=Q(kind="alias", mailbox__isnull=False, targets=[], keeps_copy=False)
                | (Q(kind="redirection", mailbox=None) & ~Q(targets=[])),
                name="mail_route_leads_somewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "product", "address", "id"], name="mail_route_by_address"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="mail_route_due"),
        ]
        triggers = [_follows_the_table()]
