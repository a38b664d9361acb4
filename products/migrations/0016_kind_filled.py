"""The kind of the products that are there, in short transactions; then the index, beside the work."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connections, migrations, models, transaction
from django.db.models import Case, F, Value, When

BATCH = 5000
FILL = """
WITH batch AS (
    SELECT id, plan_id, kind FROM products_product WHERE id > %(after)s
    ORDER BY id LIMIT %(batch)s FOR NO KEY UPDATE
), filled AS (
    UPDATE products_product product SET kind = plan.kind FROM batch, products_plan plan
    WHERE product.id = batch.id AND plan.id = batch.plan_id AND batch.kind = ''
)
SELECT max(id) FROM batch
"""


def fill_kinds(apps: Any, schema_editor: Any) -> None:
    """Fill the products that are there, so many at a time by their ids; what has a kind already is left alone.

    The owner sees no tenant's rows, and lifting row-level security would lock the table: the role that sees
    across tenants walks over them. Their locks are taken in order, and each batch gives its own back.
    """
    connection = connections["system"]
    after: int | None = 0
    while after is not None:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(FILL, {"after": after, "batch": BATCH})
            (after,) = cursor.fetchone()


ORDER = Case(
    When(expires_on__isnull=True, then=Value(date(9999, 12, 31))),
    default=F("expires_on"),
    output_field=models.DateField(),
)


class Migration(migrations.Migration):
    """Not one transaction: nothing waits for all products, and an index is made beside writes only so."""

    atomic = False
    dependencies: ClassVar = [("products", "0015_kind")]

    operations: ClassVar = [
        migrations.RunPython(fill_kinds, migrations.RunPython.noop),
        AddIndexConcurrently(
            "product", models.Index("organization", "kind", ORDER, "id", name="product_by_kind")
        ),
    ]
