"""What time does: pages close after their hour, keys are forgotten after a day."""

import time

from manager.demo.psp.resources import checkout_sessions
from manager.demo.psp.sandbox import Call, Sandbox

INTERVAL_SECONDS = 30.0


def sweep(sandbox: Sandbox) -> None:
    """Close the pages whose time is over and forget old keys."""
    with sandbox.work():
        call = Call(sandbox=sandbox)
        for session in sandbox.store.oldest_first("checkout.session"):
            checkout_sessions.current(call, session)
        sandbox.keys.purge()


def keep_sweeping(sandbox: Sandbox) -> None:
    """Sweep until the process ends."""
    while True:
        time.sleep(INTERVAL_SECONDS)
        sweep(sandbox)
