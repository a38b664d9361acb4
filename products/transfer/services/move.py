"""Carry a product's rows from one tenant to the other, within what row-level security allows.

No role may change the organization of a row: the policy holds for the row before and after. So the rows
leave in the giver's scope and arrive, with the same ids, in the recipient's, in one transaction. What
refers to them (invoice lines, orders, former renewals) is checked by the database at the commit and stays
with the giver. See docs/decisions/0007-a-product-moves-between-tenants.md.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from organizations.profile.models import Organization
from organizations.tenancy.models import OrganizationOwned
from products.inventory.models import Product, ProductOption
from products.lists.models import ProductTag
from products.provisioning.models import Service
from products.transfer.luggage import list_luggage


@dataclass(frozen=True, slots=True)
class Luggage:
    """The rows of a product on their way; they are in no table now."""

    product: Product
    service: Service | None
    options: list[ProductOption]
    others: list[OrganizationOwned]


def take_out(product: Product) -> Luggage:
    """Take the locked product and all that belongs to it out of the giver's rows; in the giver's scope."""
    service = Service.objects.select_for_update().filter(product_id=product.pk).first()
    if service is not None:
        _delete(Service, service.pk)
    options = list(ProductOption.objects.select_for_update().filter(product_id=product.pk).order_by("pk"))
    for option in options:
        _delete(ProductOption, option.pk)
    others: list[OrganizationOwned] = []
    for model in list_luggage():
        # Any: that each of them has a `product` is said by `register_luggage` alone.
        rows: Any = model._default_manager.select_for_update(of=("self",))  # noqa: SLF001  (documented API)
        others += rows.filter(organization_id=product.organization_id, product_id=product.pk).order_by("pk")
    for row in others:
        _delete(type(row), row.pk)
    # What the giver's people call it, and their tags, stay behind.
    ProductTag.objects.filter(organization_id=product.organization_id, product_id=product.pk).delete()
    product.internal_name = product.reference = ""
    _delete(Product, product.pk)
    return Luggage(product, service, options, others)


def put_in(luggage: Luggage, *, organization: Organization, at: datetime) -> Product:
    """Put them into the recipient's rows; in the recipient's scope."""
    product = luggage.product
    product.organization = organization
    product.auto_renew = False
    product.save(force_insert=True)
    for option in luggage.options:
        option.organization = organization
        option.save(force_insert=True)
    if luggage.service is not None:
        service = luggage.service
        service.organization = organization
        # A worker that is at it for the giver cannot write its result; it is due again for the recipient.
        service.fence += 1
        service.due_at = at if service.due_at is not None else None
        service.updated_at = at
        service.save(force_insert=True)
    for row in luggage.others:
        row.organization = organization
        row.save(force_insert=True)
    return product


def _delete(model: type[OrganizationOwned], pk: int) -> None:
    # Not by the ORM, which would refuse it for the rows that refer to it: they find it again at the commit.
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001  (Django's documented API)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [pk])  # noqa: S608  (a name of our own)
        if cursor.rowcount != 1:
            raise RuntimeError("A row to be moved is not in its organization's scope.")
