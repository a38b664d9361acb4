"""The embedded services by hand: `python -m manager.demo.services start|stop|status|env|run COMMAND …`."""

import argparse
import os
import shlex
import subprocess
import sys

from manager.demo.run.environment import complete, find_data_dir
from manager.demo.services.cluster import Services


def main() -> int:
    """Run one command for the services under DATA_DIR; returns the exit code."""
    parser = argparse.ArgumentParser(prog="manager.demo.services", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status", "env", "run"])
    parser.add_argument(
        "program", nargs=argparse.REMAINDER, help="what `run` runs with the services beside it"
    )
    options = parser.parse_args()
    services = Services(find_data_dir())
    if options.command == "env":
        for name, value in services.environment({}).items():
            print(f"export {name}={shlex.quote(value)}")
        return 0
    if options.command == "run":
        return run_beside(services, options.program)
    if options.command == "start":
        services.start(reuse=True, dies_with_parent=False)
    elif options.command == "stop":
        services.stop()
    print(f"PostgreSQL: {services.postgres.find_pid() or 'stopped'}")
    print(f"Valkey: {services.valkey.find_pid() or 'stopped'}")
    return 0


def run_beside(services: Services, program: list[str]) -> int:
    """Run `program` with the services started for it; those that ran before go on afterwards."""
    parts = (services.valkey, services.postgres)
    ours = [part for part in parts if not part.find_pid()]
    try:
        services.start(reuse=True)
        complete(os.environ)
        return subprocess.run(program, check=False).returncode
    finally:
        for part in ours:
            part.stop()


if __name__ == "__main__":
    sys.exit(main())
