-- As before; but new lines are asked about together, once for each statement: a batch of renewals has hundreds.
-- The lock on their products is taken within the statement that writes them, not at the commit as a foreign
-- key does: whoever hands a product over either sees the line or keeps it out.
CREATE FUNCTION billing_guard_new_lines() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION billing_guard_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner billing_invoice;
    free constant text[] := ARRAY['period', 'covers', 'counts', 'fulfilled_at'];
BEGIN
    SELECT * INTO owner FROM billing_invoice WHERE id = NEW.invoice_id AND organization_id = NEW.organization_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a line belongs to an invoice of its organization'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.product_id IS NOT NULL AND NEW.product_id IS DISTINCT FROM OLD.product_id THEN
        PERFORM FROM products_product
            WHERE id = NEW.product_id AND organization_id = NEW.organization_id FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a line pays a product of its organization'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF NEW.covers IS NOT NULL AND NOT NEW.covers <@ NEW.period
        OR OLD.covers IS NOT NULL AND NOT coalesce(NEW.covers <@ OLD.covers, false) THEN
        RAISE EXCEPTION 'a line covers days of its period, and never more than before'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.invoice_id <> OLD.invoice_id OR (owner.number IS NOT NULL AND (
        to_jsonb(OLD) - free <> to_jsonb(NEW) - free
        OR (OLD.period IS NOT NULL AND NEW.period IS DISTINCT FROM OLD.period)
        OR (OLD.fulfilled_at IS NOT NULL AND NEW.fulfilled_at IS DISTINCT FROM OLD.fulfilled_at)
        OR (NOT OLD.counts AND NEW.counts)
    )) THEN
        RAISE EXCEPTION 'a line of invoice % is frozen', owner.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER guard ON billing_invoiceline;
CREATE TRIGGER guard BEFORE UPDATE ON billing_invoiceline
    FOR EACH ROW EXECUTE FUNCTION billing_guard_line();
CREATE TRIGGER guard_new AFTER INSERT ON billing_invoiceline REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION billing_guard_new_lines();
