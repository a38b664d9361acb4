"""What docs/webhooks.md says is what the code does (API-6)."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from manager.kit.clock import now
from manager.wiring import HANDLERS
from organizations.webhooks.catalogue import EVENTS
from organizations.webhooks.signing import make_signing_secret, sign_message
from organizations.webhooks.tasks import write_messages

TEXT = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()


def test_the_table_has_every_event_and_each_is_heard():
    """API-6"""
    table = dict(re.findall(r"^\| `(\w+\.\w+)` \| (.+?) \|", TEXT, re.MULTILINE))
    assert table == {event.name: str(event.label) for event in EVENTS.values()}
    assert {name for name, handlers in HANDLERS.items() if write_messages in handlers} == set(EVENTS)


def test_the_ten_lines_verify_what_is_sent():
    """API-6: also with a second signature; not another body, another secret or an old message."""
    names: dict[str, Any] = {}
    (code,) = re.findall(r"```python\n(.+?)```", TEXT, re.DOTALL)
    exec(code, names)
    verify = names["verify"]
    secret, former = make_signing_secret(), make_signing_secret()
    headers = sign_message(secrets=[secret, former], message_id="msg_1", body=b"{}", at=now())
    assert verify(secret, headers, b"{}")
    assert verify(former, headers, b"{}")
    assert not verify(secret, headers, b"[]")
    assert not verify(make_signing_secret(), headers, b"{}")
    old = sign_message(secrets=[secret], message_id="msg_1", body=b"{}", at=now() - timedelta(minutes=6))
    assert not verify(secret, old, b"{}")
