CREATE OR REPLACE FUNCTION billing_guard_new_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM added
        LEFT JOIN billing_invoice owner
            ON owner.id = added.invoice_id AND owner.organization_id = added.organization_id
        WHERE owner.id IS NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'a line belongs to an invoice of its organization'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM FROM added JOIN billing_invoice owner ON owner.id = added.invoice_id WHERE owner.status <> 'draft';
    IF FOUND THEN
        RAISE EXCEPTION 'only a draft takes lines' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (SELECT count(product_id) FROM added) <> (
        SELECT count(*) FROM (
            SELECT FROM added
            JOIN products_product product
                ON product.id = added.product_id AND product.organization_id = added.organization_id
            FOR KEY SHARE OF product
        ) AS locked
    ) THEN
        RAISE EXCEPTION 'a line pays a product of its organization'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM FROM added WHERE NOT covers <@ period;
    IF FOUND THEN
        RAISE EXCEPTION 'a line covers days of its period, and never more than before'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
