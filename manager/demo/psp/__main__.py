"""Start the sandbox: `python -m manager.demo.psp --port 8200 --data .local/psp --webhook-url …`."""

import argparse
import threading
from pathlib import Path

from manager.demo.provider.deliveries import Endpoint
from manager.demo.psp.sandbox import Sandbox
from manager.demo.psp.server import Server
from manager.demo.psp.sweep import keep_sweeping


def arguments() -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="manager.demo.psp", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8200, help="0 takes a free one and prints it")
    parser.add_argument("--data", type=Path, required=True, help="directory that keeps cards and charges")
    parser.add_argument("--webhook-url", default="")
    parser.add_argument("--webhook-secret", default="whsec_sandbox")
    parser.add_argument("--webhook-backoff", type=float, default=1.0, help="seconds before the first repeat")
    parser.add_argument("--fee", default="0:0", help="kept of each charge: basis points and a fixed part")
    parser.add_argument("--public-url", default="", help="address of the pages as the browser sees it")
    return parser.parse_args()


def main() -> None:
    """Serve until told to end."""
    options = arguments()
    sandbox = Sandbox(
        data=options.data,
        public_url=options.public_url,
        endpoint=Endpoint(options.webhook_url, options.webhook_secret),
        backoff=options.webhook_backoff,
    )
    rate, _, fixed = options.fee.partition(":")
    sandbox.fees = (int(rate), int(fixed or 0))
    server = Server(options.host, options.port, sandbox)
    sandbox.public_url = sandbox.public_url or server.url
    sandbox.webhooks.start()
    threading.Thread(target=keep_sweeping, args=(sandbox,), daemon=True).start()
    server.serve_until_told("Payments sandbox")
    sandbox.close()


if __name__ == "__main__":
    main()
