"""REST operations on mailboxes (API-1, MAIL-1). No answer holds a password or its hash."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.users.passwords import LONGEST
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.inventory.models import Product
from products.modules.mail.forms import LONGEST_REPLY
from products.modules.mail.models import Mailbox
from products.modules.mail.selectors import (
    BY_ADDRESS,
    SUSPENDED,
    find_mailboxes,
    get_mail_product,
    get_mailbox,
)
from products.modules.mail.services import (
    NewMailbox,
    Reply,
    change_mailbox,
    change_mailbox_password,
    create_mailbox,
    delete_mailboxes,
    set_reply,
    set_suspended,
    try_mailbox_password,
)
from products.modules.mail.services.create import DEFAULT_QUOTA_GB, MOST_QUOTA_GB
from products.modules.mail.status import EntryStatus

PRODUCT = OpenApiParameter("product_id", int, OpenApiParameter.PATH)
MAILBOX = OpenApiParameter("mailbox_id", int, OpenApiParameter.PATH)
SEE, MANAGE = Permission.PRODUCTS_VIEW, Permission.PRODUCTS_MANAGE
READ, WRITE = "products:read", "products:write"
SAFE_TEXT = [refuse_control_characters]


class ReplyFields(serializers.Serializer[Any]):
    """An auto-reply, sent once to each sender, from `starts_on` to `ends_on`, both days included."""

    subject = serializers.CharField(max_length=200, validators=SAFE_TEXT)
    text = serializers.CharField(max_length=LONGEST_REPLY, validators=SAFE_TEXT)
    starts_on = serializers.DateField(required=False, default=None, allow_null=True)
    ends_on = serializers.DateField(required=False, default=None, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        if attrs["starts_on"] and attrs["ends_on"] and attrs["ends_on"] < attrs["starts_on"]:
            raise serializers.ValidationError({"ends_on": "before starts_on"})
        return attrs


class MailboxOutput(serializers.Serializer[Any]):
    """A mailbox. It is carried out on the servers when it is `active`."""

    id = serializers.IntegerField()
    address = serializers.EmailField()
    status = serializers.ChoiceField(choices=EntryStatus.choices)
    quota_gb = serializers.IntegerField()
    is_suspended = serializers.BooleanField()
    is_shared = serializers.BooleanField()
    is_personal = serializers.BooleanField()
    reply = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(ReplyFields(allow_null=True))
    def get_reply(self, mailbox: Mailbox) -> dict[str, Any] | None:
        """Return the auto-reply that is on."""
        if not mailbox.has_reply:
            return None
        return {
            "subject": mailbox.reply_subject,
            "text": mailbox.reply_text,
            "starts_on": mailbox.reply_from and mailbox.reply_from.isoformat(),
            "ends_on": mailbox.reply_until and mailbox.reply_until.isoformat(),
        }


class MailboxFilters(serializers.Serializer[Any]):
    """What the list can be filtered by."""

    status = serializers.ChoiceField(choices=[*EntryStatus.values, SUSPENDED], required=False, default="")


class MailboxPasswordInput(serializers.Serializer[Any]):
    """A password, as it is."""

    password = serializers.CharField(max_length=LONGEST, trim_whitespace=False, validators=SAFE_TEXT)


class MailboxInput(MailboxPasswordInput):
    """A new mailbox; `name` stands before the @."""

    name = serializers.CharField(max_length=64)
    quota_gb = serializers.IntegerField(min_value=1, max_value=MOST_QUOTA_GB, default=DEFAULT_QUOTA_GB)
    is_shared = serializers.BooleanField(default=False)
    is_personal = serializers.BooleanField(default=True)


class MailboxChange(serializers.Serializer[Any]):
    """What is to be changed of a mailbox; `reply` null switches the auto-reply off."""

    quota_gb = serializers.IntegerField(min_value=1, max_value=MOST_QUOTA_GB, required=False)
    is_shared = serializers.BooleanField(required=False)
    is_personal = serializers.BooleanField(required=False)
    is_suspended = serializers.BooleanField(required=False)
    reply = ReplyFields(required=False, allow_null=True)


class TestOutput(serializers.Serializer[Any]):
    """Whether address and password fit together."""

    is_right = serializers.BooleanField()


def mail_product(request: OrganizationAPIRequest, product_id: int, *, to_manage: bool = False) -> Product:
    """Return the mail service of the address; with `to_manage` only to who may change it."""
    return get_mail_product(
        organization=request.organization,
        scope=request.product_scope,
        product_id=product_id,
        to_manage=to_manage,
    )


class Mailboxes(OrganizationAPIView):
    """The mailboxes of a product."""

    permissions = {"GET": SEE, "POST": MANAGE}
    scopes = {"GET": READ, "POST": WRITE}
    listing = Listing(orders={"address": BY_ADDRESS}, filters=MailboxFilters, searched=True)

    @extend_schema(parameters=[PRODUCT], responses=MailboxOutput(many=True), operation_id="mailboxes_list")
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """List mailboxes by address."""
        product = mail_product(request, product_id)
        asked = self.listing.read(request.query_params)
        rows = find_mailboxes(product=product, **asked.criteria)
        return answer_list(asked, rows, MailboxOutput)

    @extend_schema(parameters=[PRODUCT], request=MailboxInput, responses={201: MailboxOutput})
    def post(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Make a mailbox; the servers follow."""
        product = mail_product(request, product_id, to_manage=True)
        given = MailboxInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = NewMailbox(**given.validated_data)
        made = create_mailbox(product=product, wanted=wanted, actor=request.actor, at=request.at)
        return success(MailboxOutput(made).data, code=status.HTTP_201_CREATED)


class OneMailbox(OrganizationAPIView):
    """One mailbox."""

    permissions = {"GET": SEE, "PATCH": MANAGE, "DELETE": MANAGE}
    scopes = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(parameters=[PRODUCT, MAILBOX], responses=MailboxOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int, mailbox_id: int) -> Response:
        """Return it."""
        mailbox = get_mailbox(product=mail_product(request, product_id), mailbox_id=mailbox_id)
        return success(MailboxOutput(mailbox).data)

    @extend_schema(parameters=[PRODUCT, MAILBOX], request=MailboxChange, responses=MailboxOutput)
    def patch(self, request: OrganizationAPIRequest, product_id: int, mailbox_id: int) -> Response:
        """Change what is sent of it."""
        product = mail_product(request, product_id, to_manage=True)
        mailbox = get_mailbox(product=product, mailbox_id=mailbox_id)
        given = MailboxChange(data=request.data)
        given.is_valid(raise_exception=True)
        by: dict[str, Any] = {"actor": request.actor, "at": request.at}
        wanted = dict(given.validated_data)
        if "is_suspended" in wanted:
            set_suspended(mailboxes=[mailbox], is_suspended=wanted.pop("is_suspended"), **by)
        if "reply" in wanted:
            reply = wanted.pop("reply")
            set_reply(mailbox=mailbox, reply=Reply(**reply) if reply else None, **by)
        if wanted:
            kept: dict[str, Any] = {
                name: getattr(mailbox, name) for name in ("quota_gb", "is_shared", "is_personal")
            }
            change_mailbox(mailbox=mailbox, **{**kept, **wanted}, **by)
        return success(MailboxOutput(get_mailbox(product=product, mailbox_id=mailbox_id)).data)

    @extend_schema(parameters=[PRODUCT, MAILBOX], responses=MailboxOutput)
    def delete(self, request: OrganizationAPIRequest, product_id: int, mailbox_id: int) -> Response:
        """Delete it with all mail in it, its aliases and redirections."""
        product = mail_product(request, product_id, to_manage=True)
        mailbox = get_mailbox(product=product, mailbox_id=mailbox_id)
        deleted = delete_mailboxes(mailboxes=[mailbox], actor=request.actor, at=request.at)
        return success(MailboxOutput(deleted[0]).data)


class MailboxPassword(OrganizationAPIView):
    """The password of a mailbox."""

    permissions = {"POST": MANAGE}
    scopes = {"POST": WRITE}

    @extend_schema(parameters=[PRODUCT, MAILBOX], request=MailboxPasswordInput, responses=MailboxOutput)
    def post(self, request: OrganizationAPIRequest, product_id: int, mailbox_id: int) -> Response:
        """Give it another password."""
        product = mail_product(request, product_id, to_manage=True)
        mailbox = get_mailbox(product=product, mailbox_id=mailbox_id)
        given = MailboxPasswordInput(data=request.data)
        given.is_valid(raise_exception=True)
        changed = change_mailbox_password(
            mailbox=mailbox, **given.validated_data, actor=request.actor, at=request.at
        )
        return success(MailboxOutput(changed).data)


class MailboxTest(OrganizationAPIView):
    """The test of address and password."""

    permissions = {"POST": MANAGE}
    scopes = {"POST": WRITE}

    @extend_schema(parameters=[PRODUCT, MAILBOX], request=MailboxPasswordInput, responses=TestOutput)
    def post(self, request: OrganizationAPIRequest, product_id: int, mailbox_id: int) -> Response:
        """Say whether this is its password, ten times in a quarter of an hour."""
        product = mail_product(request, product_id, to_manage=True)
        mailbox = get_mailbox(product=product, mailbox_id=mailbox_id)
        given = MailboxPasswordInput(data=request.data)
        given.is_valid(raise_exception=True)
        is_right = try_mailbox_password(
            mailbox=mailbox,
            **given.validated_data,
            user_id=request.user.pk,
            actor=request.actor,
            at=request.at,
        )
        return success(TestOutput({"is_right": is_right}).data)
