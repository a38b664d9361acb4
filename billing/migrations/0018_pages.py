from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0017_tax")]

    operations = []
