"""Send what is due, and clear what is older than the log is kept (API-6)."""

import logging
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

from manager.kit.clock import now
from manager.kit.encryption import CannotDecrypt
from manager.kit.nudge import nudge
from manager.kit.points import reach
from organizations.webhooks.claims import Try, claim, record_answer
from organizations.webhooks.models import WebhookMessage
from organizations.webhooks.rules import AT_ONCE, CLAIMING_SECONDS, KEPT_FOR
from organizations.webhooks.secrets import secrets_of
from organizations.webhooks.services.messages import PERIODIC
from organizations.webhooks.signing import sign_message
from organizations.webhooks.transport import Answer, send

logger = logging.getLogger(__name__)

CLEARED_AT_ONCE = 5000
AGENT = "Manager-Webhooks/1"

Sending = Future[Answer]


def drain_webhooks(*, at: datetime) -> int:
    """Send all messages due at `at`, to eight endpoints at once; return how many tries were made.

    The threads only send. What is taken and what came of it is committed here, outside of any sending. Leases
    count from `at`: after half a minute the rest is left to a run with an `at` of its own.
    """
    made, is_late = 0, False
    ends = time.monotonic() + CLAIMING_SECONDS
    sending: dict[Sending, tuple[Try, dict[str, str]]] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhooks") as pool:
        while True:
            free = 0 if is_late else AT_ONCE - len(sending)
            for one in claim(size=free, at=at) if free else ():
                headers, answer = _headers(one)
                future: Sending = (
                    pool.submit(send, url=one.endpoint.url, body=one.message.body.encode(), headers=headers)
                    if answer is None
                    else _settled(answer)
                )
                sending[future] = (one, headers)
            if not sending:
                if is_late:
                    nudge(PERIODIC)
                return made
            done, _ = wait(sending, return_when=FIRST_COMPLETED)
            for future in done:
                one, headers = sending.pop(future)
                made += _record(one, future, headers, at)
            is_late = time.monotonic() >= ends


def _record(one: Try, sent: Sending, headers: dict[str, str], at: datetime) -> bool:
    """Note how a try went; what cannot be noted keeps no other message from being so, and is sent again."""
    try:
        reach("webhooks.sent", one.message.organization_id)
        return record_answer(made=one, answer=sent.result(), headers=headers, at=at)
    except Exception:  # whatever comes of one message must not stop the others
        logger.exception("What came of the message %s could not be noted.", one.message.pk)
        return False


def drain_old_messages(*, at: datetime) -> int:
    """Delete messages older than 30 days, with what was answered; return how many."""
    old = WebhookMessage.objects.using("system").filter(created_at__lt=at - KEPT_FOR)
    ids = list(old.order_by("created_at").values_list("pk", flat=True)[:CLEARED_AT_ONCE])
    return old.filter(pk__in=ids).delete()[0] if ids else 0


def _headers(one: Try) -> tuple[dict[str, str], Answer | None]:
    """Return the headers of a try, signed as of this moment, whatever day the work is done for.

    Without a readable secret nothing is sent, and the answer says so.
    """
    sent_at = now()
    try:
        secrets = secrets_of(one.endpoint, at=sent_at)
    except CannotDecrypt:
        return {}, Answer(error="secret")
    message = one.message
    signed = sign_message(
        secrets=secrets, message_id=message.message_id, body=message.body.encode(), at=sent_at
    )
    return {"content-type": "application/json", "user-agent": AGENT, **signed}, None


def _settled(answer: Answer) -> Sending:
    future: Sending = Future()
    future.set_result(answer)
    return future
