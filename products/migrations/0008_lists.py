from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("products", "0007_offers")]

    operations = []
