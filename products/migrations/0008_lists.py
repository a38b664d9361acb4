"""Tags, saved filters, chosen columns, calendars; and the words in which products are searched."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Collate, Concat, Lower

import manager.kit.fields
from manager.kit.rowsecurity import ProtectTenant, tenant_policies

COLORS = [('indigo', 'Indigo'), ('violet', 'Violet'), ('pink', 'Pink'), ('red', 'Red'), ('amber', 'Amber'), ('green', 'Green'), ('teal', 'Teal'), ('blue', 'Blue')]

# Every part of a product's words from some letter on, cut at 24 letters: a part of a name is found as a range of
# a btree. The comparisons of a btree are leakproof, so row-level security leaves the index its use (decision 12).
PARTS = """
CREATE TABLE products_searchpart (
    organization_id bigint NOT NULL,
    part text COLLATE "C" NOT NULL,
    product_id bigint NOT NULL,
    PRIMARY KEY (organization_id, part, product_id)
);
CREATE FUNCTION products_parts_of(words text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT DISTINCT substr(line, start, 24)
    FROM string_to_table(words, E'\\n') line, generate_series(1, length(line)) start
$$;
CREATE FUNCTION products_add_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO products_searchpart (organization_id, part, product_id)
    SELECT organization_id, part, id FROM new_rows, products_parts_of(searched) part;
    RETURN NULL;
END $$;
CREATE FUNCTION products_drop_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM products_searchpart known USING (
        SELECT organization_id, part, id FROM old_rows, products_parts_of(searched) part
    ) gone
    WHERE (known.organization_id, known.part, known.product_id) = (gone.organization_id, gone.part, gone.id);
    RETURN NULL;
END $$;
CREATE FUNCTION products_change_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM old_rows JOIN new_rows USING (id) WHERE old_rows.searched <> new_rows.searched) THEN
        RETURN NULL;
    END IF;
    DELETE FROM products_searchpart known USING (
        SELECT old_rows.organization_id, part, id
        FROM old_rows JOIN new_rows USING (id), products_parts_of(old_rows.searched) part
        WHERE old_rows.searched <> new_rows.searched
    ) gone
    WHERE (known.organization_id, known.part, known.product_id) = (gone.organization_id, gone.part, gone.id);
    INSERT INTO products_searchpart (organization_id, part, product_id)
    SELECT new_rows.organization_id, part, id
    FROM old_rows JOIN new_rows USING (id), products_parts_of(new_rows.searched) part
    WHERE old_rows.searched <> new_rows.searched;
    RETURN NULL;
END $$;
CREATE TRIGGER parts_added AFTER INSERT ON products_product REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION products_add_parts();
CREATE TRIGGER parts_dropped AFTER DELETE ON products_product REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION products_drop_parts();
CREATE TRIGGER parts_changed AFTER UPDATE ON products_product REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION products_change_parts();
-- What is there already: the owner reads past the policies for this one statement.
ALTER TABLE products_product NO FORCE ROW LEVEL SECURITY;
INSERT INTO products_searchpart (organization_id, part, product_id)
    SELECT organization_id, part, id FROM products_product, products_parts_of(searched) part;
ALTER TABLE products_product FORCE ROW LEVEL SECURITY;
"""
NO_PARTS = """
DROP TRIGGER parts_added ON products_product;
DROP TRIGGER parts_dropped ON products_product;
DROP TRIGGER parts_changed ON products_product;
DROP FUNCTION products_add_parts, products_drop_parts, products_change_parts, products_parts_of;
DROP TABLE products_searchpart;
"""


def key():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def of(model, on_delete=django.db.models.deletion.CASCADE, related="+", field=models.ForeignKey):
    return field(on_delete=on_delete, related_name=related, to=model)


def organization():
    return ("organization", of("organizations.organization", django.db.models.deletion.PROTECT))


def words(length, **more):
    return models.CharField(max_length=length, validators=[manager.kit.fields.refuse_control_characters], **more)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("products", "0007_offers"), ("organizations", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                key(),
                ("name", words(40)),
                ("color", models.CharField(choices=COLORS, default="indigo", max_length=8)),
                ("created_at", models.DateTimeField()),
                organization(),
            ],
            options={
                "constraints": [models.UniqueConstraint(models.F("organization"), Lower("name"), name="tag_name_unique")],
            },
        ),
        migrations.CreateModel(
            name="ProductTag",
            fields=[
                key(),
                organization(),
                ("product", of("products.product", related="tag_places")),
                ("tag", of("products.tag", related="places")),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "tag", "product"], name="product_by_tag")],
                "constraints": [models.UniqueConstraint(fields=("product", "tag"), name="product_tag_once")],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                key(),
                ("family", models.SlugField(blank=True)),
                ("name", words(60)),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("is_default", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                organization(),
                ("membership", of("organizations.membership")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("membership"), models.F("family"), Lower("name"), name="saved_filter_name_unique"),
                    models.UniqueConstraint(condition=models.Q(("is_default", True)), fields=("membership", "family"), name="saved_filter_one_default"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListColumns",
            fields=[
                key(),
                ("names", models.JSONField(default=list)),
                organization(),
                ("membership", of("organizations.membership", field=models.OneToOneField)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="ExpiryFeed",
            fields=[
                key(),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("last_read_at", models.DateTimeField(blank=True, null=True)),
                organization(),
                ("membership", of("organizations.membership", field=models.OneToOneField)),
            ],
            options={"abstract": False},
        ),
        *(ProtectTenant(name) for name in ("Tag", "ProductTag", "SavedFilter", "ListColumns", "ExpiryFeed")),
        migrations.AddField("product", "internal_name", words(190, blank=True, db_default="", default="")),
        migrations.AddField("product", "reference", words(100, blank=True, db_default="", default="")),
        migrations.AddField(
            "product",
            "searched",
            models.GeneratedField(
                db_persist=True,
                expression=Collate(Lower(Concat("name", models.Value("\n"), "internal_name", models.Value("\n"), "reference")), "C"),
                output_field=models.TextField(db_collation="C"),
            ),
        ),
        migrations.RunSQL(PARTS, NO_PARTS),
        migrations.RunSQL(tenant_policies("products_searchpart"), migrations.RunSQL.noop),
    ]
