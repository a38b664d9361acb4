"""Questions about domains. Each names the organization; row-level security is the second wall."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet

from manager.kit.keyset import NEWEST, Page, paginate
from organizations.access.grants import ProductScope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from products.modules.domain.errors import DomainNotFound, RecordNotFound, VersionNotFound
from products.modules.domain.models import Domain, ZoneVersion
from products.modules.domain.records import Record
from products.modules.domain.zonefile import in_order, write_zone
from products.provisioning.models import ServiceAction
from products.provisioning.states import OPEN_ACTIONS, ActionStatus, ServiceState

KIND = "domain"
SET_ZONE, SET_NAME_SERVERS, SET_CONTACTS = "set-zone", "set-name-servers", "set-contacts"
SET_LOCK, SET_AUTH_CODE = "set-transfer-lock", "set-auth-code"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for last and is not in force: still pending, or failed for good."""

    action: ServiceAction

    @property
    def is_failed(self) -> bool:
        """Whether staff have to look at it."""
        return bool(self.action.status == ActionStatus.FAILED)

    @property
    def is_under_way(self) -> bool:
        """Whether it is being carried out just now, so that it cannot be changed."""
        return bool(self.action.status == ActionStatus.RUNNING)


def get_domain(*, product: Product) -> Domain:
    """Return the domain of a product that the member sees.

    :raises DomainNotFound: the product is no domain, or is not set up yet.
    """
    domain = find_domain(product=product)
    if domain is None:
        raise DomainNotFound
    return domain


def find_domain(*, product: Product) -> Domain | None:
    """Return the domain of a product, or None."""
    domains = Domain.objects.filter(organization_id=product.organization_id, product_id=product.pk)
    return domains.exclude(name="").first() if product.plan.kind == KIND else None


def find_domain_seen(*, organization: Organization, scope: ProductScope, product_id: int) -> Domain | None:
    """Return the domain of a product that the member sees, with the product and its plan; one query."""
    products = scope.filter(Product.objects.filter(organization_id=organization.pk, plan__kind=KIND))
    domains = Domain.objects.filter(
        organization_id=organization.pk, product__in=products.filter(pk=product_id)
    )
    return domains.exclude(name="").select_related("product__plan__family", "product__organization").first()


def find_wishes(*, domain: Domain) -> dict[str, Wish]:
    """Return by action what is asked for the domain and not in force; nothing for what is as it is wanted."""
    actions = ServiceAction.objects.filter(
        organization_id=domain.organization_id,
        product_id=domain.product_id,
        status__in=[*OPEN_ACTIONS, ActionStatus.FAILED],
    )
    return {action.slug: Wish(action) for action in actions.order_by("pk")}


def find_records(*, domain: Domain, search: str = "", kind: str = "") -> list[Record]:
    """Return the records of the zone that match, in the order of a zone file (DNS editor)."""
    wanted = search.strip().lower()
    return [
        record
        for record in in_order(domain.zone())
        if (not kind or record.type == kind)
        and (
            not wanted
            or wanted in f"{record.name} {record.readable_name} {record.data} {record.value}".lower()
        )
    ]


def get_record(*, domain: Domain, record_id: int) -> Record:
    """Return one record of the zone.

    :raises RecordNotFound: there is none.
    """
    for record in domain.zone():
        if record.id == record_id:
            return record
    raise RecordNotFound


def list_versions(*, domain: Domain, after: str = "", before: str = "") -> Page[ZoneVersion]:
    """Return a page of `find_versions`, newest first."""
    return paginate(find_versions(domain=domain), key=NEWEST, descending=True, after=after, before=before)


def find_versions(*, domain: Domain) -> QuerySet[ZoneVersion]:
    """Return the zone's versions without their records, in no order."""
    return ZoneVersion.objects.filter(
        organization_id=domain.organization_id, product_id=domain.product_id
    ).defer("records")


def get_version(*, domain: Domain, number: int) -> ZoneVersion:
    """Return a version of the zone.

    :raises VersionNotFound: there is none.
    """
    versions = ZoneVersion.objects.filter(
        organization_id=domain.organization_id, product_id=domain.product_id
    )
    version = versions.filter(number=number).first()
    if version is None:
        raise VersionNotFound
    return version


def servers_of(domain: Domain) -> list[dict[str, Sequence[str]]]:
    """Return the name servers in force, ours where no others were chosen."""
    ours = [{"host": host, "addresses": []} for host in settings.NAME_SERVERS]
    return list(domain.name_servers) or ours


def find_unprepared() -> QuerySet[Product]:
    """Return across all tenants active domains of which nothing is known yet."""
    known = Domain.objects.using("system").filter(product_id=OuterRef("pk"))
    products = Product.objects.using("system").filter(plan__kind=KIND, status=ProductStatus.ACTIVE)
    return products.filter(~Exists(known)).order_by("pk")


def find_unpublished() -> QuerySet[Domain]:
    """Return across all tenants domains whose newest zone was not offered to their running service yet."""
    busy = ServiceAction.objects.using("system").filter(
        product_id=OuterRef("product_id"), slug=SET_ZONE, status=ActionStatus.RUNNING
    )
    waiting = Domain.objects.using("system").exclude(version=F("offered_version"))
    running = {
        "product__service__state": ServiceState.RUNNING,
        "product__service__wanted": ServiceState.RUNNING,
    }
    return waiting.filter(~Exists(busy), **running).order_by("changed_at", "pk")


def zone_text(domain: Domain) -> str:
    """Return the zone as it is now as a file."""
    return write_zone(
        origin=domain.name, records=domain.zone(), serial=domain.serial, servers=settings.NAME_SERVERS
    )
