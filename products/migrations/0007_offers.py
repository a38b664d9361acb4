from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("products", "0006_provisioning")]

    operations: list[object] = []
