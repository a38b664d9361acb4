"""The kind of the products that are there, in short transactions; then the index, beside the work."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models, transaction
from django.db.models import Case, F, Value, When

from manager.kit.scope import tenant_scope

BATCH = 5000
FILL = """
WITH batch AS (
    SELECT id FROM products_product WHERE organization_id = %(organization)s AND id > %(after)s
    ORDER BY id LIMIT %(batch)s
), filled AS (
    UPDATE products_product product SET kind = plan.kind FROM batch, products_plan plan
    WHERE product.id = batch.id AND plan.id = product.plan_id AND product.kind = ''
)
SELECT max(id) FROM batch
"""


def fill_kinds(apps: Any, schema_editor: Any) -> None:
    """Fill an organization's products at a time, in its scope; what has a kind already is left alone.

    Organizations are under row-level security as well, and lifting it would lock their table: their ids are
    counted up. One that is none has no products.
    """
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM organizations_organization_id_seq")
        (last,) = cursor.fetchone()
    for organization in range(1, last + 1):
        after: int | None = 0
        while after is not None:
            asked = {"organization": organization, "after": after, "batch": BATCH}
            scope, batch = tenant_scope(organization), transaction.atomic(using=connection.alias)
            with scope, batch, connection.cursor() as cursor:
                cursor.execute(FILL, asked)
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
