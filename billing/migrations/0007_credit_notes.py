"""A credit note keeps its lines, and each has a document of its own: an invoice can have several."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

# Of all organizations, and past the guard that keeps documents as they are: they say nothing new. Documents
# over a part of an invoice are left aside, as they were made from all of it, and are made anew.
NAME_NOTES = """
ALTER TABLE billing_document NO FORCE ROW LEVEL SECURITY;
ALTER TABLE billing_creditnote NO FORCE ROW LEVEL SECURITY;
ALTER TABLE billing_invoice NO FORCE ROW LEVEL SECURITY;
ALTER TABLE billing_document DISABLE TRIGGER append_only;
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE billing_document AS document SET credit_note_id = note.id
    FROM billing_creditnote AS note JOIN billing_invoice AS invoice ON invoice.id = note.invoice_id
    WHERE document.kind = 'credit_note' AND document.invoice_id = note.invoice_id AND invoice.status = 'void';
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE billing_document ENABLE TRIGGER append_only;
ALTER TABLE billing_invoice FORCE ROW LEVEL SECURITY;
ALTER TABLE billing_creditnote FORCE ROW LEVEL SECURITY;
ALTER TABLE billing_document FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0006_life")]

    operations: ClassVar = [
        migrations.AddField("creditnote", "lines", models.JSONField(db_default=[], default=list)),
        migrations.AddField(
            "document",
            "credit_note",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="billing.creditnote",
            ),
        ),
        migrations.RunSQL(NAME_NOTES, migrations.RunSQL.noop),
        migrations.RemoveConstraint("document", "document_once"),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(
                condition=models.Q(("credit_note", None)), fields=("invoice", "kind"), name="document_once"
            ),
        ),
        migrations.AddConstraint(
            "document", models.UniqueConstraint(fields=("credit_note",), name="document_once_per_note")
        ),
    ]
