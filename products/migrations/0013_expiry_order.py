"""The order of expiries as an expression that indexes are looked into by under row-level security."""

from datetime import date

from django.db import migrations, models
from django.db.models import Case, F, Value, When

ORDER = Case(
    When(expires_on__isnull=True, then=Value(date(9999, 12, 31))),
    default=F("expires_on"),
    output_field=models.DateField(),
)


class Migration(migrations.Migration):
    dependencies = [("products", "0012_dynamic_hosts")]

    operations = [
        migrations.RemoveIndex("product", "product_by_expiry"),
        migrations.RemoveIndex("product", "product_by_family"),
        migrations.AddIndex("product", models.Index("organization", ORDER, "id", name="product_by_expiry")),
        migrations.AddIndex(
            "product", models.Index("organization", "family", ORDER, "id", name="product_by_family")
        ),
    ]
