"""Start the test server: `python -m manager.demo.postfinance --port 8210 --data .local/postfinance …`."""

import argparse
from pathlib import Path

from manager.demo.postfinance.server import Server
from manager.demo.postfinance.space import Space


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(prog="manager.demo.postfinance", description=__doc__)
    parser.add_argument("--port", type=int, default=8210, help="0 takes a free one and prints it")
    parser.add_argument("--data", type=Path, required=True, help="directory that keeps tokens and charges")
    parser.add_argument("--webhook-url", default="")
    parser.add_argument("--webhook-backoff", type=float, default=1.0, help="seconds before the first repeat")
    options = parser.parse_args()
    space = Space(data=options.data, webhook_url=options.webhook_url, backoff=options.webhook_backoff)
    server = Server(options.port, space)
    space.webhooks.start()
    server.serve_until_told("PostFinance test server")
    space.close()


if __name__ == "__main__":
    main()
