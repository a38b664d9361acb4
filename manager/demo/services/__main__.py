"""Start, stop and show the embedded services: `python -m manager.demo.services start|stop|status|env`."""

import argparse
import os
import shlex
from pathlib import Path

from manager.demo.services.cluster import Services


def main() -> None:
    """Run one command for the services under DATA_DIR."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status", "env"])
    parser.add_argument("--data-dir", type=Path, default=Path(os.environ.get("DATA_DIR", ".local")))
    options = parser.parse_args()
    services = Services(options.data_dir)
    if options.command == "start":
        services.start(reuse=True, dies_with_parent=False)
    elif options.command == "stop":
        services.stop()
    elif options.command == "env":
        for name, value in services.environment({}).items():
            print(f"export {name}={shlex.quote(value)}")
        return
    print(f"PostgreSQL: {services.postgres.find_pid() or 'stopped'}")
    print(f"Valkey: {services.valkey.find_pid() or 'stopped'}")


if __name__ == "__main__":
    main()
