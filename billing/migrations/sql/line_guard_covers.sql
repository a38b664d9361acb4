-- As before; and what a line still covers lies in its period and only ever becomes less (BIL-16, PRD-14).
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
    IF NEW.product_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.product_id IS DISTINCT FROM OLD.product_id) THEN
        PERFORM FROM products_product
            WHERE id = NEW.product_id AND organization_id = NEW.organization_id FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a line pays a product of its organization'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    IF NEW.covers IS NOT NULL AND NOT NEW.covers <@ NEW.period
        OR TG_OP = 'UPDATE' AND OLD.covers IS NOT NULL AND NOT coalesce(NEW.covers <@ OLD.covers, false) THEN
        RAISE EXCEPTION 'a line covers days of its period, and never more than before'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF owner.status <> 'draft' THEN
            RAISE EXCEPTION 'only a draft takes lines' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.invoice_id <> OLD.invoice_id OR (owner.number IS NOT NULL AND (
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
