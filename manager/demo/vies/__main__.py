"""`python -m manager.demo.vies --port 8001`: the register of the demonstration, until it is ended."""

import argparse

from manager.demo.vies.server import Server


def main() -> None:
    """Serve until a signal ends the process."""
    parser = argparse.ArgumentParser(description="A register of VAT numbers with the interface of VIES.")
    parser.add_argument("--port", type=int, required=True)
    with Server(parser.parse_args().port) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
