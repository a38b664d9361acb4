"""`python -m manager.demo.machines --port 8002 --secret …`: machines on paper, until they are ended."""

import argparse

from manager.demo.machines.server import Machines, Server


def main() -> None:
    """Serve until a signal ends the process."""
    parser = argparse.ArgumentParser(description="Machines that the webhook driver can be tried with.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--secret", required=True, help="the first of PROVISIONING_WEBHOOK_SECRETS")
    parser.add_argument(
        "--later", type=float, default=None, metavar="SECONDS", help="accept, and call back after this time"
    )
    given = parser.parse_args()
    with Server(given.port, Machines(secret=given.secret, later=given.later)) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
