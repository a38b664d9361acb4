DROP TRIGGER parts_changed ON products_product;
CREATE OR REPLACE FUNCTION products_change_parts() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER parts_changed AFTER UPDATE ON products_product REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION products_change_parts();
