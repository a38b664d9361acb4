"""REST operations on what the registry knows of a domain: lock, name servers, contacts (API-1).

The auth code is shown on its page alone, as it asks for a fresh proof of who the person is.
"""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.progress.api import StartedOutput, started
from products.modules.domain.contacts import LENGTHS, Contact, ContactRole, default_contact
from products.modules.domain.errors import DomainNotFound
from products.modules.domain.models import Domain
from products.modules.domain.selectors import (
    SET_CONTACTS,
    SET_LOCK,
    SET_NAME_SERVERS,
    find_wishes,
    servers_of,
)
from products.modules.domain.servers import MOST, MOST_ADDRESSES
from products.modules.domain.services import set_contact, set_name_servers, set_transfer_lock
from products.modules.domain.services.registration import wanted_contacts
from products.modules.domain.visits import visit_domain
from products.provisioning.states import TASK

PRODUCT = OpenApiParameter("product_id", int, OpenApiParameter.PATH)
ROLE = OpenApiParameter("role", str, OpenApiParameter.PATH, enum=ContactRole.values)
STATES = ["in_force", "pending", "failed"]
READ, WRITE = "products:read", "products:write"


class DomainOutput(serializers.Serializer[Any]):
    """A domain. `state` says of the lock whether what was asked last is in force."""

    name = serializers.CharField()
    is_locked = serializers.BooleanField()
    state = serializers.ChoiceField(choices=STATES)
    version = serializers.IntegerField()
    serial = serializers.IntegerField()
    is_published = serializers.BooleanField()


class DomainChange(serializers.Serializer[Any]):
    """What can be changed of a domain."""

    is_locked = serializers.BooleanField()


class ServerField(serializers.Serializer[Any]):
    """A name server; with addresses where it lies inside the domain."""

    host = serializers.CharField(max_length=253, validators=[refuse_control_characters])
    addresses = serializers.ListField(
        child=serializers.CharField(max_length=45, validators=[refuse_control_characters]),
        required=False,
        max_length=MOST_ADDRESSES,
    )


class ServersInput(serializers.Serializer[Any]):
    """The wanted name servers; none for the operator's own."""

    servers = serializers.ListField(child=ServerField(), max_length=MOST)


class ServersOutput(serializers.Serializer[Any]):
    """The name servers in force, and those asked for while they are not; none for the operator's own."""

    servers = ServerField(many=True)
    asked = ServerField(many=True, allow_null=True)
    state = serializers.ChoiceField(choices=STATES)


class ContactInput(serializers.Serializer[Any]):
    """A person or an organization as the registry is to know it."""

    name = serializers.CharField(max_length=LENGTHS["name"])
    street = serializers.CharField(max_length=LENGTHS["street"])
    postal_code = serializers.CharField(max_length=LENGTHS["postal_code"], required=False, allow_blank=True)
    city = serializers.CharField(max_length=LENGTHS["city"])
    country = serializers.CharField(max_length=LENGTHS["country"])
    email = serializers.CharField(max_length=LENGTHS["email"])
    phone = serializers.CharField(max_length=LENGTHS["phone"], required=False, allow_blank=True)


class ContactOutput(serializers.Serializer[Any]):
    """A contact as it is wanted; not `is_own`: the organization's own data."""

    role = serializers.ChoiceField(choices=ContactRole.choices)
    is_own = serializers.BooleanField()
    state = serializers.ChoiceField(choices=STATES)
    contact = ContactInput()


def _state(domain: Domain, slug: str) -> str:
    wish = find_wishes(domain=domain).get(slug)
    return STATES[0] if wish is None else STATES[2] if wish.is_failed else STATES[1]


def _told(domain: Domain) -> Response:
    facts = {
        "name": domain.name,
        "is_locked": domain.is_locked,
        "state": _state(domain, SET_LOCK),
        "version": domain.version,
        "serial": domain.serial,
        "is_published": domain.is_published,
    }
    return success(DomainOutput(facts).data)


class DomainDetail(OrganizationAPIView):
    """A domain with its zone's state and its transfer lock."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "PATCH": Permission.ORGANIZATION_MANAGE}
    scopes = {"GET": READ, "PATCH": WRITE}

    @extend_schema(parameters=[PRODUCT], responses=DomainOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Return the domain."""
        return _told(visit_domain(request, product_id).domain)

    @extend_schema(parameters=[PRODUCT], request=DomainChange, responses={202: StartedOutput})
    def patch(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Switch the transfer lock; in force once the registry has taken it, as the task tells."""
        domain = visit_domain(request, product_id).domain
        given = DomainChange(data=request.data)
        given.is_valid(raise_exception=True)
        on = given.validated_data["is_locked"]
        asked = set_transfer_lock(domain=domain, on=on, actor=request.actor, at=request.at)
        return started(request, TASK, asked.pk)


class DomainNameServers(OrganizationAPIView):
    """The name servers of a domain."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "PUT": Permission.PRODUCTS_MANAGE}
    scopes = {"GET": READ, "PUT": WRITE}

    @extend_schema(parameters=[PRODUCT], responses=ServersOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Return the name servers in force, and those asked for."""
        domain = visit_domain(request, product_id).domain
        wish = find_wishes(domain=domain).get(SET_NAME_SERVERS)
        asked = wish.action.parameters["servers"] if wish else None
        told = {"servers": servers_of(domain), "asked": asked, "state": _state(domain, SET_NAME_SERVERS)}
        return success(ServersOutput(told).data)

    @extend_schema(parameters=[PRODUCT], request=ServersInput, responses={202: StartedOutput})
    def put(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Ask for other name servers; in force once the registry has taken them, as the task tells."""
        domain = visit_domain(request, product_id).domain
        given = ServersInput(data=request.data)
        given.is_valid(raise_exception=True)
        servers = given.validated_data["servers"]
        asked = set_name_servers(domain=domain, given=servers, actor=request.actor, at=request.at)
        return started(request, TASK, asked.pk)


class DomainContacts(OrganizationAPIView):
    """The four contacts of a domain."""

    permissions = {"GET": Permission.PRODUCTS_VIEW}
    scopes = {"GET": READ}

    @extend_schema(
        parameters=[PRODUCT], responses=ContactOutput(many=True), operation_id="domain_contacts_list"
    )
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Return the contacts as they are wanted."""
        domain = visit_domain(request, product_id).domain
        rows = [_contact(request, domain, role) for role in ContactRole]
        return success(ContactOutput(rows, many=True).data)


class DomainContact(OrganizationAPIView):
    """One contact of a domain."""

    permissions = {"PUT": Permission.PRODUCTS_MANAGE, "DELETE": Permission.PRODUCTS_MANAGE}
    scopes = {"PUT": WRITE, "DELETE": WRITE}

    @extend_schema(parameters=[PRODUCT, ROLE], request=ContactInput, responses={202: StartedOutput})
    def put(self, request: OrganizationAPIRequest, product_id: int, role: str) -> Response:
        """Ask for another contact; in force once the registry has taken it, as the task tells."""
        given = ContactInput(data=request.data)
        domain, known = _asked(request, product_id, role)
        given.is_valid(raise_exception=True)
        asked = set_contact(
            domain=domain, role=known, given=given.validated_data, actor=request.actor, at=request.at
        )
        return started(request, TASK, asked.pk)

    @extend_schema(parameters=[PRODUCT, ROLE], responses={202: StartedOutput})
    def delete(self, request: OrganizationAPIRequest, product_id: int, role: str) -> Response:
        """Let the organization's own data stand in its place."""
        domain, known = _asked(request, product_id, role)
        asked = set_contact(domain=domain, role=known, given=None, actor=request.actor, at=request.at)
        return started(request, TASK, asked.pk)


def _asked(request: OrganizationAPIRequest, product_id: int, role: str) -> tuple[Domain, ContactRole]:
    domain = visit_domain(request, product_id).domain
    if role not in ContactRole.values:
        raise DomainNotFound
    return domain, ContactRole(role)


def _contact(request: OrganizationAPIRequest, domain: Domain, role: ContactRole) -> dict[str, Any]:
    own = wanted_contacts(domain).get(role)
    contact = Contact(**own) if own else default_contact(request.organization)
    return {
        "role": role.value,
        "is_own": bool(own),
        "state": _state(domain, SET_CONTACTS),
        "contact": contact.as_dict(),
    }
