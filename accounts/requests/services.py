"""Requests that a program may send again: carried out once, answered alike (API-5)."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.requests.models import SentRequest
from accounts.users.models import User
from manager.kit.database.commits import before_each_commit
from manager.kit.encryption import decrypt, encrypt
from manager.kit.errors import DomainError

KEPT = timedelta(hours=48)
# Longer than a web server lets a request run: whoever holds a lease that is over is dead.
LEASE = timedelta(minutes=2)
LONGEST_KEY = 255
BATCH = 1000
_TRIES = 5
# Whether the transaction has written, and whether the request that it belongs to still runs. Rows that are
# locked alone count as written: nothing cheap tells them apart, and not to begin again harms nobody.
_NOTE_WRITTEN = """
    WITH wrote AS MATERIALIZED (SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS has_written),
    noted AS (
        UPDATE accounts_sentrequest SET has_written = true FROM wrote
        WHERE wrote.has_written AND id = %s AND fence = %s AND status IS NULL RETURNING id
    )
    SELECT wrote.has_written, EXISTS (SELECT FROM noted) FROM wrote
"""


class KeyInvalid(DomainError):
    """The key is empty, too long, or holds more than visible ASCII characters."""

    code = "idempotency_key_invalid"
    status = 400
    message = _("The Idempotency-Key takes 1 to 255 visible ASCII characters.")


class KeyReused(DomainError):
    """The key came before with another method, path or body."""

    code = "idempotency_key_reused"
    status = 422
    message = _("This Idempotency-Key was sent with another request. Please take a new one.")


class KeyInUse(DomainError):
    """The request with this key still runs; `retry_after` tells in how many seconds to ask again."""

    code = "idempotency_key_in_use"
    status = 409
    message = _("The first request with this Idempotency-Key still runs. Please try again in a moment.")


class OutcomeUnknown(DomainError):
    """The first request with the key was cut off after it had written: it is not carried out again."""

    code = "idempotency_outcome_unknown"
    status = 409
    message = _(
        "The first request with this Idempotency-Key was cut off on its way, after it had changed something. "
        "Please look at what is there, and take a new key for what is still to be done."
    )


class ClaimLost(DatabaseError):
    """The request took longer than its lease, and another one took its place: nothing more is committed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status, the headers that belong to the answer itself, and the body.

    `sight` names what the asker was allowed then: who is not any more does not get the answer again.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    sight: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry a request out; or, with an `answer`, that it was carried out already."""

    row: SentRequest
    answer: Answer | None = None


def check_key(key: str) -> str:
    """Return the key as it was sent.

    :raises KeyInvalid: see there.
    """
    if not 1 <= len(key) <= LONGEST_KEY or not all("!" <= character <= "~" for character in key):
        raise KeyInvalid
    return key


def digest_of(*, method: str, path: str, body: bytes, application_id: int | None = None) -> str:
    """Return what tells two requests under one key apart; `path` includes the query.

    An application is given no answer to another one, nor to the person's own programs.
    """
    sender = b"" if application_id is None else f"application {application_id}\n".encode()
    return hashlib.sha256(sender + b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def claim_request(*, user: User, organization_id: int, key: str, digest: str, at: datetime) -> Claim:
    """Note that a request begins, and return the claim on it; of many at once exactly one may run.

    `organization_id` is the only one that the token reaches, 0 where it reaches all of the person's.

    :raises KeyInUse: it runs elsewhere.
    :raises KeyInvalid: see there.
    :raises KeyReused: another request came with the key.
    :raises OutcomeUnknown: it ran, and was cut off after it had written.
    """
    own = {"user": user, "bound_organization_id": organization_id, "key": check_key(key)}
    begun = {"digest": digest, "created_at": at, "lease_until": at + LEASE}
    for _attempt in range(_TRIES):
        with transaction.atomic():
            row, is_new = SentRequest.objects.get_or_create(**own, defaults=begun)
            if is_new:
                return Claim(row)
            locked = SentRequest.objects.select_for_update().filter(pk=row.pk).first()
            if locked is not None:
                return _claim_again(locked, digest, at)
        # Between two looks it ended without an answer that is kept.
    raise KeyInUse(retry_after=1)


def _claim_again(row: SentRequest, digest: str, at: datetime) -> Claim:
    is_over = row.created_at <= at - KEPT
    if row.digest != digest and not is_over:
        raise KeyReused
    if row.status is not None and not is_over:
        return Claim(row, _read(row))
    if row.lease_until > at:
        raise KeyInUse(retry_after=1)
    if row.has_written and not is_over:
        raise OutcomeUnknown
    if is_over:
        row.created_at, row.digest, row.status, row.answer = at, digest, None, None
        row.has_written = False
    row.fence += 1
    row.lease_until = at + LEASE
    row.save()
    return Claim(row)


@contextmanager
def noting_writes(*, claim: Claim) -> Iterator[None]:
    """Carry the request out inside: each transaction that writes notes so itself, with all that it writes.

    :raises ClaimLost: see there.
    """

    def note(connection: Any) -> None:
        written = connection.execute(_NOTE_WRITTEN, (claim.row.pk, claim.row.fence))
        has_written, is_noted = written.fetchone()
        if has_written and not is_noted:
            raise ClaimLost

    with before_each_commit(note):
        yield


def keep_answer(*, claim: Claim, answer: Answer) -> bool:
    """Keep the answer for whoever asks again; return whether the claim still stood."""
    told = {
        "status": answer.status,
        "headers": answer.headers,
        "body": base64.b64encode(answer.body).decode(),
        "sight": sorted(answer.sight),
    }
    stored = encrypt(json.dumps(told).encode(), purpose=_purpose(claim.row))
    return bool(_held(claim).update(status=answer.status, answer=stored))


def release_request(*, claim: Claim) -> bool:
    """Forget a request that was refused for the moment: who sends it again has it carried out.

    Only where it has written nothing: what has begun is not begun again. Return whether it is forgotten.
    """
    return bool(_held(claim).filter(has_written=False).delete()[0])


def abandon_request(*, claim: Claim) -> None:
    """End a request that broke off; who sends it again has it carried out only if it had written nothing."""
    release_request(claim=claim)
    _held(claim).update(lease_until=F("created_at"))


@transaction.atomic
def forget_requests(*, at: datetime) -> int:
    """Delete the requests that are older than 48 hours, a batch of them; return how many."""
    old = SentRequest.objects.filter(created_at__lte=at - KEPT, lease_until__lte=at).order_by("created_at")
    ids = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
    return SentRequest.objects.filter(pk__in=ids).delete()[0]


def _held(claim: Claim) -> QuerySet[SentRequest]:
    return SentRequest.objects.filter(pk=claim.row.pk, fence=claim.row.fence, status=None)


def _read(row: SentRequest) -> Answer:
    told = json.loads(decrypt(row.answer or b"", purpose=_purpose(row)))
    sight = frozenset(told.get("sight", ()))
    return Answer(told["status"], told["headers"], base64.b64decode(told["body"]), sight)


def _purpose(row: SentRequest) -> str:
    return f"request.answer:{row.user_id}:{row.bound_organization_id}:{row.key}:{row.digest}"
