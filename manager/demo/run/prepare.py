"""Everything before the first page that needs Django, in one process: it is started once, not four times.

Run as `python -m manager.demo.run.prepare`; prints what `load_demo` prints: the sign-ins.
"""

import django
from django.core.management import call_command, get_commands
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from manager.shell.languages.catalogues import compile_catalogues


def main() -> None:
    """Compile the languages, migrate as the owner, load the demonstration once."""
    django.setup()
    compile_catalogues()
    if _has_migrations_to_apply():
        call_command("migrate", database="owner", verbosity=0)
    if "load_demo" in get_commands():
        call_command("load_demo")


def _has_migrations_to_apply() -> bool:
    # `migrate` with nothing to do still looks at every model and permission: seconds of each start.
    executor = MigrationExecutor(connections["owner"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


if __name__ == "__main__":
    main()
