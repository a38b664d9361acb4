from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("products", "0005_life")]

    operations: list[object] = []
