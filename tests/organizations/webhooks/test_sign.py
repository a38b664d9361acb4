"""Signatures and delays, without a database (API-6)."""

import base64
from datetime import UTC, datetime, timedelta

from organizations.webhooks.rules import DELAYS, MOST_TRIES, is_hopeless, next_try
from organizations.webhooks.signing import make_signing_secret, sign_message

AT = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)


def test_signs_the_published_example():
    """API-6: the example of the specification of Standard Webhooks."""
    headers = sign_message(
        secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        body=b'{"test": 2432232314}',
        at=datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_each_secret_signs_by_itself():
    """API-6"""
    one, two = make_signing_secret(), make_signing_secret()
    both = sign_message(secrets=[one, two], message_id="msg_1", body=b"{}", at=AT)["webhook-signature"]
    alone = sign_message(secrets=[two], message_id="msg_1", body=b"{}", at=AT)["webhook-signature"]
    assert both.split(" ")[1] == alone
    assert both.split(" ")[0] != alone
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32


def test_is_tried_for_three_days():
    """API-6: each wait is longer, a little different for each message, and shorter than a day."""
    at, waits = AT, []
    for tries in range(1, MOST_TRIES):
        following = next_try(key="a", tries=tries, at=at)
        assert following is not None
        waits.append(following - at)
        at = following
    assert next_try(key="a", tries=MOST_TRIES, at=at) is None
    assert timedelta(days=3) <= at - AT < timedelta(days=3, hours=6)
    assert waits == sorted(waits)
    assert all(delay <= wait < timedelta(days=1) for delay, wait in zip(DELAYS, waits, strict=True))
    assert next_try(key="a", tries=5, at=AT) == next_try(key="a", tries=5, at=AT)
    assert next_try(key="a", tries=5, at=AT) != next_try(key="b", tries=5, at=AT)


def test_hopeless_are_three_days_and_ten_tries():
    """API-6"""
    late = AT + timedelta(days=3)
    assert is_hopeless(failing_since=AT, failures=10, at=late)
    assert not is_hopeless(failing_since=AT, failures=9, at=late)
    assert not is_hopeless(failing_since=AT, failures=900, at=late - timedelta(seconds=1))
    assert not is_hopeless(failing_since=None, failures=900, at=late)
