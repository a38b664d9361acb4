"""What every write of the API takes, whichever operation it is: `Idempotency-Key` and `dry_run` (API-5).

Both stand below the views: the guard of the operation has let the request in, its own handler comes next.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from accounts.requests.services import (
    Answer,
    Claim,
    ClaimLost,
    KeyInUse,
    abandon_request,
    check_key,
    claim_request,
    digest_of,
    keep_answer,
    noting_writes,
    release_request,
)
from manager.kit.api import success
from manager.kit.dryrun import dry_run
from manager.kit.jsonbody import BodyTooLarge
from manager.kit.points import reach

WRITES = ("post", "put", "patch", "delete")
KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
DRY_RUN = "dry_run"
# Of an answer's headers, those that say something about it; all others are made anew.
KEPT_HEADERS = ("Content-Type", "Location", "Retry-After")
# Who may ask again at once, or after a while, is not answered from the store, unless something was written.
NOT_KEPT = frozenset({status.HTTP_401_UNAUTHORIZED, status.HTTP_429_TOO_MANY_REQUESTS})

Handler = Callable[..., HttpResponse]


def carried_out(handler: Handler) -> Handler:
    """Return the handler of a write as a view calls it: once for each key, or tried only."""

    @wraps(handler)
    def carry_out(view: Any, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(KEY_HEADER)
        if key is not None:
            check_key(key)
        if _is_dry_run(request):
            return _try_out(lambda: handler(view, request, *args, **kwargs))
        if key is None:
            return handler(view, request, *args, **kwargs)
        claim = _claim(request, key)
        if claim.answer is not None:
            if not view.may_see_again(request, claim.answer.sight):
                raise PermissionDenied
            return _replay(claim.answer)
        try:
            return _answer(view, request, claim, lambda: handler(view, request, *args, **kwargs))
        except Exception:
            abandon_request(claim=claim)
            raise

    return carry_out


def _answer(view: Any, request: Any, claim: Claim, handle: Callable[[], HttpResponse]) -> HttpResponse:
    """Carry the request out and keep what is answered, a refusal as well."""
    reach("request.claimed")
    try:
        with noting_writes(claim=claim):
            answer = handle()
    except ClaimLost:
        answer = view.handle_exception(KeyInUse(retry_after=1))
    except Exception as error:  # noqa: BLE001  (a mistake of ours is raised again by the view)
        answer = view.handle_exception(error)
    reach("request.carried_out")
    # What was refused for the moment may be asked again, but not where something was written before it was.
    if _is_for_the_moment(answer) and release_request(claim=claim):
        return answer
    written = _write_out(view, request, answer)
    # What was written is not begun again by waiting.
    names = KEPT_HEADERS[:-1] if _is_for_the_moment(answer) else KEPT_HEADERS
    headers = {name: written[name] for name in names if written.has_header(name)}
    kept = Answer(written.status_code, headers, written.content, view.sight_of(request))
    keep_answer(claim=claim, answer=kept)
    return answer


def _is_for_the_moment(answer: HttpResponse) -> bool:
    return answer.status_code in NOT_KEPT or answer.status_code >= status.HTTP_500_INTERNAL_SERVER_ERROR


def _write_out(view: Any, request: Any, answer: HttpResponse) -> HttpResponse:
    """Return the answer with its body as bytes."""
    if isinstance(answer, Response):
        answer.accepted_renderer = request.accepted_renderer
        answer.accepted_media_type = request.accepted_media_type
        answer.renderer_context = view.get_renderer_context()  # type: ignore[attr-defined]  # set by DRF
        answer.render()
    return answer


def _claim(request: Any, key: str) -> Claim:
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise BodyTooLarge from error
    application_id = getattr(request.auth, "application_id", None)  # none behind a person's own token
    digest = digest_of(
        method=request.method, path=request.get_full_path(), body=body, application_id=application_id
    )
    bound = request.auth.organization_id or 0
    return claim_request(user=request.user, organization_id=bound, key=key, digest=digest, at=request.at)


def _replay(answer: Answer) -> HttpResponse:
    replayed = HttpResponse(answer.body, status=answer.status)
    del replayed["Content-Type"]
    for name, value in {**answer.headers, REPLAYED_HEADER: "true"}.items():
        replayed[name] = value
    return replayed


def _is_dry_run(request: Any) -> bool:
    given = request.query_params.get(DRY_RUN, "false")
    if given not in {"true", "false"}:
        raise ValidationError({DRY_RUN: [_("Write true or false.")]})
    return bool(given == "true")


def _try_out(handle: Callable[[], HttpResponse]) -> HttpResponse:
    """Return what the answer would be; 200 whatever a real one says of what was made."""
    with dry_run():
        answer = handle()
        if answer.status_code >= status.HTTP_400_BAD_REQUEST:
            return answer
        told = dict(getattr(answer, "data", None) or {})
    data, _result = told.pop("data", None), told.pop("result", None)
    return success(data, dry_run=True, **told)
