"""Questions about the mailboxes and routes of a product."""

from django.db.models import F, Q, QuerySet

from manager.kit.keyset import Page, SortKey, paginate
from organizations.access.grants import ProductScope
from organizations.profile.models import Organization
from products.inventory.errors import ProductReadOnly
from products.inventory.models import Product, ProductOption
from products.inventory.selectors import get_product
from products.modules.mail.errors import MailboxNotFound, NoMail, RouteNotFound
from products.modules.mail.models import Mailbox, MailRoute
from products.modules.mail.operations import KIND
from products.modules.mail.status import EntryStatus

# The option of the catalogue that counts mailboxes, and what a plan without it has.
OPTION = "mail-addresses"
WITHOUT_OPTION = 1
BY_ADDRESS = SortKey(F("address"), lambda row: row.address)
SUSPENDED = "suspended"


def get_mail_product(
    *, organization: Organization, scope: ProductScope, product_id: int, to_manage: bool = False
) -> Product:
    """Return a mail service that the member sees or, with `to_manage`, may change.

    :raises NotFound: there is none, or it is something else.
    :raises ProductReadOnly: the member only sees it.
    """
    product = get_product(organization=organization, scope=scope, product_id=product_id)
    if product.plan.kind != KIND:
        raise NoMail
    if to_manage and not scope.may_manage(product.pk, product.family):
        raise ProductReadOnly
    return product


def find_mailboxes(*, product: Product, search: str = "", status: str = "") -> QuerySet[Mailbox]:
    """Return the mailboxes of a product by a part of the address and a status, in no order."""
    found = Mailbox.objects.filter(organization_id=product.organization_id, product_id=product.pk)
    if search:
        found = found.filter(address__icontains=search)
    if status == SUSPENDED:
        return found.filter(is_suspended=True)
    return found.filter(status=status) if status else found


def list_mailboxes(
    *, product: Product, search: str = "", status: str = "", after: str = "", before: str = ""
) -> Page[Mailbox]:
    """Return a page of the product's mailboxes by address."""
    found = find_mailboxes(product=product, search=search, status=status)
    return paginate(found, key=BY_ADDRESS, after=after, before=before)


def get_mailbox(*, product: Product, mailbox_id: int) -> Mailbox:
    """Return a mailbox of the product.

    :raises MailboxNotFound: there is none.
    """
    mailbox = find_mailboxes(product=product).filter(pk=mailbox_id).first()
    if mailbox is None:
        raise MailboxNotFound
    return mailbox


def list_routes(
    *, product: Product, search: str = "", kind: str = "", after: str = "", before: str = ""
) -> Page[MailRoute]:
    """Return a page of `find_routes` by address."""
    found = find_routes(product=product, search=search, kind=kind)
    return paginate(found, key=BY_ADDRESS, after=after, before=before)


def find_routes(*, product: Product, search: str = "", kind: str = "") -> QuerySet[MailRoute]:
    """Return the product's aliases and redirections with their mailboxes, in no order."""
    found = MailRoute.objects.filter(organization_id=product.organization_id, product_id=product.pk)
    if search:
        found = found.filter(Q(address__icontains=search) | Q(mailbox__address__icontains=search))
    if kind:
        found = found.filter(kind=kind)
    return found.select_related("mailbox")


def list_routes_of(mailbox: Mailbox) -> list[MailRoute]:
    """Return the aliases of a mailbox and the redirection of its address."""
    routes = MailRoute.objects.filter(
        organization_id=mailbox.organization_id, product_id=mailbox.product_id
    ).filter(Q(mailbox_id=mailbox.pk) | Q(address=mailbox.address))
    return list(routes.select_related("mailbox").order_by("kind", "address"))


def get_route(*, product: Product, route_id: int) -> MailRoute:
    """Return an alias or redirection of the product.

    :raises RouteNotFound: there is none.
    """
    routes = MailRoute.objects.filter(organization_id=product.organization_id, product_id=product.pk)
    route = routes.select_related("mailbox").filter(pk=route_id).first()
    if route is None:
        raise RouteNotFound
    return route


def count_mailboxes(product: Product) -> int:
    """Return how many mailboxes count against the limit: those that are being deleted do not."""
    return find_mailboxes(product=product).exclude(status=EntryStatus.LEAVING).count()


def find_limit(product: Product) -> int:
    """Return how many mailboxes the offer has: what was bought, or else what the plan includes (MAIL-1)."""
    bought = ProductOption.objects.filter(product_id=product.pk, slug=OPTION)
    units = bought.values_list("quantity", flat=True).first()
    if units is None:
        included = product.plan.options.filter(slug=OPTION).values_list("included", flat=True).first()
        units = WITHOUT_OPTION if included is None else included
    return int(units) * product.quantity
