"""Who has one account in a currency has all of them: none is opened beside movements of others (BIL-15).

And what banks kept of a withdrawal that came back is stored with it (BIL-7), and with an attempt where its
card was issued (BIL-6).
"""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q

SQL = Path(__file__).parent / "sql"
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
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO billing_account (organization_id, kind, currency, balance)
SELECT DISTINCT known.organization_id, wanted.kind, known.currency, 0
FROM billing_account known CROSS JOIN unnest(ARRAY{list(KINDS)}) AS wanted (kind)
ON CONFLICT (organization_id, kind, currency) DO NOTHING;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE billing_account FORCE ROW LEVEL SECURITY;
"""  # noqa: S608  (constants)


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0026_proofs")]

    operations: ClassVar = [
        migrations.RunSQL(OPEN_ALL, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="withdrawal",
            name="return_charges",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=Q(return_charges=0)
                | Q(status="returned", return_charges__gt=0, return_charges__lt=F("amount")),
                name="withdrawal_return_charges",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="means_country",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=Q(tax_evidence__countries_proved=False),
                fields=["-id"],
                name="invoice_countries_unproved",
            ),
        ),
        migrations.RunSQL(read("withdrawal_charges.sql"), migrations.RunSQL.noop),
    ]
