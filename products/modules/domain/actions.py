"""What the service of a domain is asked by the pages of this module, and what follows once it is done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from products.modules.domain.contacts import ContactRole, default_contact
from products.modules.domain.models import Domain, ZoneVersion
from products.modules.domain.selectors import (
    KIND,
    SET_AUTH_CODE,
    SET_CONTACTS,
    SET_LOCK,
    SET_NAME_SERVERS,
    SET_ZONE,
)
from products.modules.domain.services.secret import open_auth_code
from products.modules.domain.zonefile import write_zone
from products.provisioning.actions import Action, register_actions
from products.provisioning.models import ServiceAction
from products.provisioning.states import ActionStatus


def _domains(asked: ServiceAction) -> Any:
    return Domain.objects.filter(organization_id=asked.organization_id, product_id=asked.product_id)


def _build_zone(asked: ServiceAction) -> Mapping[str, Any]:
    domain = _domains(asked).get()
    versions = ZoneVersion.objects.filter(organization_id=asked.organization_id, product_id=asked.product_id)
    version = versions.filter(number=asked.parameters["version"]).first()
    serial, records = (version.serial, version.zone()) if version else (domain.serial, domain.zone())
    text = write_zone(origin=domain.name, records=records, serial=serial, servers=settings.NAME_SERVERS)
    return {"domain": domain.name, "serial": serial, "zone": text}


def _zone_settled(asked: ServiceAction, at: datetime) -> None:
    if asked.status == ActionStatus.DONE:
        number = asked.parameters["version"]
        _domains(asked).filter(published_version__lt=number).update(published_version=number)


def _build_servers(asked: ServiceAction) -> Mapping[str, Any]:
    ours = [{"host": host, "addresses": []} for host in settings.NAME_SERVERS]
    return {"servers": asked.parameters["servers"] or ours}


def _servers_settled(asked: ServiceAction, at: datetime) -> None:
    if asked.status == ActionStatus.DONE:
        _domains(asked).update(name_servers=asked.parameters["servers"])


def _build_contacts(asked: ServiceAction) -> Mapping[str, Any]:
    usual = default_contact(asked.product.organization).as_dict()
    chosen = asked.parameters["contacts"]
    return {"contacts": {role: chosen.get(role) or usual for role in ContactRole.values}}


def _contacts_settled(asked: ServiceAction, at: datetime) -> None:
    if asked.status == ActionStatus.DONE:
        _domains(asked).update(contacts=asked.parameters["contacts"])


def _lock_settled(asked: ServiceAction, at: datetime) -> None:
    if asked.status == ActionStatus.DONE:
        _domains(asked).update(is_locked=asked.parameters["locked"])


def _code_settled(asked: ServiceAction, at: datetime) -> None:
    if asked.status == ActionStatus.DONE:
        asked.parameters = {}
        asked.save(update_fields=["parameters"])


def _own(slug: str, label: Any, **hooks: Any) -> Action:
    return Action(slug=slug, label=label, confirm="", submit="", is_own=True, **hooks)


register_actions(
    KIND,
    _own(SET_ZONE, _("Publish the DNS zone"), build=_build_zone, settled=_zone_settled),
    _own(SET_NAME_SERVERS, _("Change the name servers"), build=_build_servers, settled=_servers_settled),
    _own(SET_CONTACTS, _("Change the contacts"), build=_build_contacts, settled=_contacts_settled),
    _own(SET_LOCK, _("Change the transfer lock"), settled=_lock_settled),
    _own(SET_AUTH_CODE, _("Set an auth code"), build=open_auth_code, settled=_code_settled),
)
