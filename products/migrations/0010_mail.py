from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("products", "0009_domain")]

    operations = []
