"""Ask the web server of this container whether it is well: `python -m manager.shell.health.probe`."""

import os
import sys
import urllib.request


def main() -> int:
    """Return 0 when the panel answers 200, as a proxy that ends TLS would ask it."""
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip()
    request = urllib.request.Request(
        "http://127.0.0.1:8000/health/", headers={"Host": host, "X-Forwarded-Proto": "https"}
    )
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
