"""What a buyer chose for the first setting up of a product (WIN-1)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("products", "0010_mail")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="setup",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]
