"""Send one request of the API in a process of its own that is killed: `send_and_die.py POINT PATH BODY KEY`.

The token comes in the variable TOKEN.
"""

import os
import signal
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manager.settings.test")
django.setup()

from django.test import Client  # noqa: E402

from manager.kit.points import watch  # noqa: E402


def main(point: str, path: str, body: str, key: str) -> None:
    def die(reached: str, _organization_id: int | None) -> None:
        if reached == point:
            os.kill(os.getpid(), signal.SIGKILL)

    watch(die)
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}", "Idempotency-Key": key}
    Client().post(path, body, content_type="application/json", headers=headers)


main(*sys.argv[1:])
