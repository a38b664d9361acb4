"""A line of a cart keeps what was chosen for the first setting up (WIN-1)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0018_pages"), ("products", "0011_setup")]

    operations = [
        migrations.AddField(
            model_name="cartline",
            name="setup",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
