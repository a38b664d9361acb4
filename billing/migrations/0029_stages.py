"""The engine keeps rows in temporary tables while it stores them one group at a time (BIL-16)."""

from typing import ClassVar

from django.db import migrations

# Here for databases that are there already; new ones have it from database.sql.
ALLOW = """
DO $$ BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO manager_system', current_database());
END $$
"""
REFUSE = ALLOW.replace("GRANT", "REVOKE").replace(" TO ", " FROM ")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0028_balances")]

    operations: ClassVar = [migrations.RunSQL(ALLOW, REFUSE)]
