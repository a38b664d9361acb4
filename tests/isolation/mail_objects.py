"""Makers for the mail service: a product with much room, a mailbox and an alias of its own."""

from typing import Any

from manager.kit.clock import now
from organizations.profile.models import Organization
from products.inventory.models import Product, ProductOption
from products.modules.mail.models import Mailbox
from tests.factories.mail import make_alias, make_mail, make_mailbox
from tests.isolation.world import MAKERS, World, _numbers, word_of


def _mail(world: World, organization: Organization, made: dict[str, Any]) -> int:
    product = make_mail(organization, name=f"{word_of(world, organization)}-{next(_numbers)}.example")
    ProductOption.objects.create(
        organization=organization, product=product, slug="mail-addresses", quantity=100_000
    )
    return product.pk


def _mailbox(world: World, organization: Organization, made: dict[str, Any]) -> int:
    product = Product.objects.select_related("plan").get(
        pk=made.get("mail_id") or _mail(world, organization, made)
    )
    return make_mailbox(product, f"box{next(_numbers)}", at=now()).pk


def _route(world: World, organization: Organization, made: dict[str, Any]) -> int:
    mailbox = Mailbox.objects.select_related("product__plan").get(pk=_mailbox(world, organization, made))
    return make_alias(mailbox, f"alias{next(_numbers)}", at=now()).pk


def _address(world: World, organization: Organization, made: dict[str, Any]) -> str:
    return Mailbox.objects.get(pk=made.get("mailbox_id") or _mailbox(world, organization, made)).address


MAKERS.update({"mail_id": _mail, "mailbox_id": _mailbox, "route_id": _route, "mailbox_address": _address})
