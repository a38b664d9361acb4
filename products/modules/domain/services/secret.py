"""The auth code by which a domain is moved to another registrar."""

import base64
import secrets
import string
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.encryption import decrypt, encrypt
from manager.kit.errors import DomainError
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.modules.domain.models import Domain
from products.modules.domain.selectors import SET_AUTH_CODE
from products.provisioning.models import ServiceAction
from products.provisioning.services import ask_own_action

LENGTH = 16
# Registries ask for letters of both kinds, digits and a sign; without those that are mistaken for others.
LETTERS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
SIGNS = "-_!+"


class TransferLocked(DomainError):
    """The transfer lock is on: nobody gets a code before it is off."""

    code = "transfer_locked"
    message = _("Please switch the transfer lock off first.")


@transaction.atomic
def make_auth_code(*, domain: Domain, user_id: int, actor: Actor, at: datetime) -> str:
    """Return a new auth code, which the registry is told; the former one is worth nothing then.

    It is not kept after that and cannot be shown again. Publishes `domain.auth_code_made`.

    :raises TransferLocked: the transfer lock is on.
    :raises DomainError: the domain is not running, or an earlier code is on its way.
    """
    # Locked as by who carries a change of the lock out, so that a lock set meanwhile is seen.
    domains = Domain.objects.select_for_update(of=("self",)).select_related("product")
    row = domains.get(pk=domain.pk, organization_id=domain.organization_id)
    if row.is_locked:
        raise TransferLocked
    code = _random_code()
    sealed = encrypt(code.encode(), purpose=_purpose(row.product_id))
    ask_own_action(
        organization_id=row.organization_id,
        product_id=row.product_id,
        slug=SET_AUTH_CODE,
        parameters={"sealed": base64.b64encode(sealed).decode()},
        actor=actor,
        at=at,
    )
    record_audit(
        organization_id=row.organization_id,
        name="domain.auth_code_made",
        actor=actor,
        at=at,
        subject=row.product,
    )
    publish(
        "domain.auth_code_made",
        organization_id=row.organization_id,
        payload={"product": row.product_id, "user": user_id, "by": actor.name},
        at=at,
    )
    return code


def open_auth_code(asked: ServiceAction) -> dict[str, str]:
    """Return what the registry is told: the code, which is stored sealed until then."""
    sealed = base64.b64decode(asked.parameters["sealed"])
    return {"code": decrypt(sealed, purpose=_purpose(asked.product_id)).decode()}


def _purpose(product_id: int) -> str:
    return f"domain.auth_code:{product_id}"


def _random_code() -> str:
    """Return letters of both kinds, a digit and a sign at least, in any order."""
    rest = [secrets.choice(LETTERS) for _position in range(LENGTH - 4)]
    kinds = [string.ascii_lowercase.replace("l", ""), "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", SIGNS]
    characters = rest + [secrets.choice(kind) for kind in kinds]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)
