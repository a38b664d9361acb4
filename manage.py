#!/usr/bin/env python
"""Run a management command; without a set-up of its own, in that of `make run`."""

import os
import sys


def main() -> None:
    """Choose the settings, find the embedded services where there are any, and run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "manager.settings.development")
    if os.environ["DJANGO_SETTINGS_MODULE"] == "manager.settings.development":
        from manager.demo.run.environment import complete

        complete(os.environ)

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
