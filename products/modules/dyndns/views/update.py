"""The address to which routers speak, in the words that they know (the protocol called dyndns2).

`GET /nic/update?hostname=home.example.ch&myip=192.0.2.7` with the user name and the key of that name. The
answer is one word, with status 200 whatever it says, except where the key does not fit or it was too often.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.sessions.limits import HOUR, MINUTE, TooManyAttempts, take_or_refuse
from manager.kit.actor import Actor, ActorKind
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.ratelimit import LimiterUnavailable, give_back
from manager.kit.requests import client_address, client_agent, public
from manager.kit.scope import tenant_scope
from products.modules.domain.errors import DomainNotRunning
from products.modules.domain.models import Domain
from products.modules.domain.names import NameInvalid, clean_domain
from products.modules.dyndns.errors import DynDNSNotBought, HostNotFound
from products.modules.dyndns.models import DynamicHost
from products.modules.dyndns.selectors import find_by_key, split_user
from products.modules.dyndns.services import update_host

WRONG_KEYS = 20
UPDATES_PER_HOUR = 60
MOST_NAMES = 20
LONGEST = 2000


@public
@never_cache
@require_http_methods(["GET", "HEAD"])
@sensitive_variables("key")
def dyndns_update(request: HttpRequest) -> HttpResponse:
    """Take the address of a device, and answer in one word per name that it gave (PRD-12)."""
    user, key = _read_credential(request.META.get("HTTP_AUTHORIZATION", ""))
    ids = split_user(user)
    try:
        wrong = take_or_refuse(
            f"dyndns:address:{client_address(request)}", limit=WRONG_KEYS, window_seconds=15 * MINUTE
        )
        if ids is None or not key:
            return _refuse_credential()
        organization_id, host_id = ids
        with tenant_scope(organization_id, 0):
            host = find_by_key(organization_id=organization_id, host_id=host_id, key=key)
            if host is None:
                return _refuse_credential()
            give_back(wrong)
            take_or_refuse(f"dyndns:host:{host.pk}", limit=UPDATES_PER_HOUR, window_seconds=HOUR)
            return _answer(_update(request, host, now()))
    except TooManyAttempts as refused:
        answer = _answer("abuse", status=refused.status)
        answer["Retry-After"] = str(refused.retry_after)
        return answer
    except LimiterUnavailable as gone:
        return _answer("911", status=gone.status)


def _update(request: HttpRequest, host: DynamicHost, at: datetime) -> str:
    names = _split(request.GET.get("hostname", ""))
    if not names:
        return "notfqdn"
    if len(names) > MOST_NAMES:
        return "numhost"
    domain = Domain.objects.get(organization_id=host.organization_id, product_id=host.product_id)
    mine = host.full_name(domain.name)
    given = _split(f"{request.GET.get('myip', '')},{request.GET.get('myipv6', '')}")
    addresses = given or [client_address(request) or ""]
    # One that is named more than once is told once, and answered as often as it was named.
    told = _tell(request, host, addresses, at) if any(_is(name, mine) for name in names) else ""
    return "\n".join(told if _is(name, mine) else "nohost" for name in names)


def _tell(request: HttpRequest, host: DynamicHost, addresses: Sequence[str], at: datetime) -> str:
    actor = Actor(
        ActorKind.SYSTEM, name="DynDNS", address=client_address(request), agent=client_agent(request)
    )
    try:
        told = update_host(host=host, addresses=addresses, actor=actor, at=at)
    except DynDNSNotBought:
        return "!donator"
    except (DomainNotRunning, HostNotFound):
        return "nohost"
    except DomainError:
        return "dnserr"
    return f"{'good' if told.is_changed else 'nochg'} {','.join(told.addresses)}"


def _is(name: str, mine: str) -> bool:
    try:
        return clean_domain(name) == mine
    except NameInvalid:
        # A wildcard is no name of a host, and still one that can have an address.
        return name.lower().rstrip(".") == mine


def _split(text: str) -> list[str]:
    return [part.strip() for part in text[:LONGEST].split(",") if part.strip()]


def _read_credential(header: str) -> tuple[str, str]:
    """Return user name and key of a header of HTTP Basic; empty texts where there are none."""
    scheme, _blank, rest = header.partition(" ")
    if scheme.lower() != "basic" or len(rest) > LONGEST:
        return "", ""
    try:
        text = base64.b64decode(rest.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    user, _colon, key = text.replace("\x00", "").partition(":")
    return user, key


def _refuse_credential() -> HttpResponse:
    answer = _answer("badauth", status=401)
    answer["WWW-Authenticate"] = 'Basic realm="DynDNS", charset="UTF-8"'
    return answer


def _answer(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)
