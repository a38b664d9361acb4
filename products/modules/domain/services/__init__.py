"""Verbs of domains. What the registry and the name servers have to do is asked of the product's service."""

from products.modules.domain.services.prepare import prepare_domain
from products.modules.domain.services.publish import publish_zone
from products.modules.domain.services.registration import set_contact, set_name_servers, set_transfer_lock
from products.modules.domain.services.secret import make_auth_code
from products.modules.domain.services.zone import (
    add_record,
    delete_records,
    edit_record,
    import_zone,
    restore_version,
    set_addresses,
)

__all__ = [
    "add_record",
    "delete_records",
    "edit_record",
    "import_zone",
    "make_auth_code",
    "prepare_domain",
    "publish_zone",
    "restore_version",
    "set_addresses",
    "set_contact",
    "set_name_servers",
    "set_transfer_lock",
]
