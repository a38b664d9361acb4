"""Change what the registry knows of a domain: contacts, name servers, the transfer lock."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from manager.kit.actor import Actor
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.progress.services import begin_task
from products.modules.domain.contacts import ContactRole, check_contact
from products.modules.domain.models import Domain
from products.modules.domain.selectors import SET_CONTACTS, SET_LOCK, SET_NAME_SERVERS, find_wishes
from products.modules.domain.servers import check_servers
from products.provisioning.models import ServiceAction
from products.provisioning.services import ask_own_action
from products.provisioning.states import TASK


def set_contact(
    *, domain: Domain, role: str, given: Mapping[str, str] | None, actor: Actor, at: datetime
) -> ServiceAction:
    """Want another contact for a role; None brings back the organization's own data.

    It is in force once the registry has taken it. What waits already is kept beside it.

    :raises DomainError: a field is refused, the domain is not running, or a change is under way.
    """
    wanted = check_contact(given, role=role, domain=domain.name).as_dict() if given is not None else None
    with transaction.atomic():
        contacts = {**wanted_contacts(domain), ContactRole(role).value: wanted}
        contacts = {name: contact for name, contact in contacts.items() if contact}
        asked = _ask(domain, SET_CONTACTS, {"contacts": contacts}, actor, at)
        _record(domain, "domain.contacts_asked", actor, at, role=role)
    return asked


def set_name_servers(
    *, domain: Domain, given: Sequence[Mapping[str, Any]], actor: Actor, at: datetime
) -> ServiceAction:
    """Want other name servers, without any the operator's. Publishes `domain.name_servers_asked`.

    :raises ServersInvalid: they are not allowed.
    :raises DomainError: the domain is not running, or a change is under way.
    """
    servers = check_servers(given, domain=domain.name)
    hosts = [server["host"] for server in servers]
    with transaction.atomic():
        asked = _ask(domain, SET_NAME_SERVERS, {"servers": servers}, actor, at)
        _record(domain, "domain.name_servers_asked", actor, at, servers=", ".join(hosts))
        publish(
            "domain.name_servers_asked",
            organization_id=domain.organization_id,
            payload={"product": domain.product_id, "servers": hosts, "by": actor.name},
            at=at,
        )
    return asked


def set_transfer_lock(*, domain: Domain, on: bool, actor: Actor, at: datetime) -> ServiceAction:
    """Want the registry to refuse transfers, or to allow them again.

    :raises DomainError: the domain is not running, or a change is under way.
    """
    with transaction.atomic():
        asked = _ask(domain, SET_LOCK, {"locked": on}, actor, at)
        _record(domain, "domain.lock_asked", actor, at, on=on)
    return asked


def wanted_contacts(domain: Domain) -> dict[str, Any]:
    """Return by role the contacts that are wanted: asked for and pending or failed, or else in force."""
    wish = find_wishes(domain=domain).get(SET_CONTACTS)
    return dict(wish.action.parameters["contacts"] if wish else domain.contacts)


def _ask(domain: Domain, slug: str, wanted: dict[str, Any], actor: Actor, at: datetime) -> ServiceAction:
    organization_id = domain.organization_id
    asked = ask_own_action(
        organization_id=organization_id,
        product_id=domain.product_id,
        slug=slug,
        parameters=wanted,
        actor=actor,
        at=at,
    )
    begin_task(organization_id=organization_id, kind=TASK, subject_id=asked.pk, actor=actor, at=at)
    return asked


def _record(domain: Domain, name: str, actor: Actor, at: datetime, **facts: Any) -> None:
    record_audit(
        organization_id=domain.organization_id, name=name, actor=actor, at=at, subject=domain.product, **facts
    )
