"""Who has one account in a currency has all of them: none is opened beside movements of others (BIL-15)."""

from typing import ClassVar

from django.db import migrations

KINDS = (
    "bank",
    "cashback",
    "disputes",
    "fees",
    "payouts",
    "prepaid",
    "promotions",
    "provider",
    "receivable",
    "refunds",
    "reserved",
    "revenue",
    "rounding",
    "tax",
)
OPEN_ALL = f"""
ALTER TABLE billing_account NO FORCE ROW LEVEL SECURITY;
INSERT INTO billing_account (organization_id, kind, currency, balance)
SELECT DISTINCT known.organization_id, wanted.kind, known.currency, 0
FROM billing_account known CROSS JOIN unnest(ARRAY{list(KINDS)}) AS wanted (kind)
ON CONFLICT (organization_id, kind, currency) DO NOTHING;
ALTER TABLE billing_account FORCE ROW LEVEL SECURITY;
"""  # noqa: S608  (constants)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0026_proofs")]

    operations: ClassVar = [migrations.RunSQL(OPEN_ALL, migrations.RunSQL.noop)]
