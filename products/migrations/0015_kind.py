"""Each product knows the kind of its plan; also those that the version before makes meanwhile."""

from typing import ClassVar

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a constant default rewrites nothing."""

    dependencies: ClassVar = [("products", "0014_parts_by_row")]

    operations: ClassVar = [
        migrations.AddField("product", "kind", models.SlugField(db_default="", db_index=False, editable=False)),
        # An index of families of all organizations serves nobody, and each change of a product wrote it.
        migrations.AlterField("product", "family", models.SlugField(db_index=False)),
        pgtrigger.migrations.AddTrigger(
            model_name='product',
            trigger=pgtrigger.compiler.Trigger(name='kind_of_its_plan', sql=pgtrigger.compiler.UpsertTriggerSql(func='NEW.kind = (SELECT kind FROM products_plan WHERE id = NEW.plan_id); RETURN NEW;', hash='e4c082efe51f4f577a43c869fb56802609316a38', operation='INSERT OR UPDATE OF "plan_id"', pgid='pgtrigger_kind_of_its_plan_9c4bc', table='products_product', when='BEFORE')),
        ),
    ]
