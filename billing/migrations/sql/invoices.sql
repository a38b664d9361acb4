-- The guards of invoices (BIL-4, BIL-5): born as drafts, one step of the table at a time, frozen once numbered,
-- never deleted; numbers that go up by one.

CREATE FUNCTION billing_guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free constant text[] := ARRAY['status', 'paid_at', 'paid_with'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'an invoice begins as a draft' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('draft', 'open'), ('draft', 'cancelled'), ('open', 'paid'), ('open', 'void')
    ) THEN
        RAISE EXCEPTION 'an invoice does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.number IS NOT NULL AND to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        RAISE EXCEPTION 'invoice % is issued and frozen', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status = 'paid' AND to_jsonb(OLD) <> to_jsonb(NEW) THEN
        RAISE EXCEPTION 'invoice % is paid and frozen', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION billing_guard_invoice();
CREATE TRIGGER never_deleted BEFORE DELETE ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();

CREATE FUNCTION billing_guard_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner billing_invoice;
    free constant text[] := ARRAY['period', 'counts', 'fulfilled_at'];
BEGIN
    SELECT * INTO owner FROM billing_invoice WHERE id = NEW.invoice_id AND organization_id = NEW.organization_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a line belongs to an invoice of its organization'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.product_id IS NOT NULL THEN
        PERFORM FROM products_product WHERE id = NEW.product_id AND organization_id = NEW.organization_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a line pays a product of its organization'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
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
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_invoiceline
    FOR EACH ROW EXECUTE FUNCTION billing_guard_line();
CREATE TRIGGER never_deleted BEFORE DELETE ON billing_invoiceline
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();

-- An issued invoice is the sum of its lines, whatever wrote it.
CREATE FUNCTION billing_check_invoice_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    scope constant text := current_setting('app.organization', true);
    net numeric;
    tax numeric;
BEGIN
    PERFORM set_config('app.organization', NEW.organization_id::text, true);
    SELECT coalesce(sum(net_amount), 0), coalesce(sum(tax_amount), 0) INTO net, tax
        FROM billing_invoiceline WHERE invoice_id = NEW.id;
    PERFORM set_config('app.organization', scope, true);
    IF net <> NEW.net_amount OR tax <> NEW.tax_amount THEN
        RAISE EXCEPTION 'invoice % is not the sum of its lines', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sum_of_lines AFTER UPDATE ON billing_invoice
    FOR EACH ROW WHEN (OLD.number IS NULL AND NEW.number IS NOT NULL)
    EXECUTE FUNCTION billing_check_invoice_sum();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing_creditnote
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing_document
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();

CREATE FUNCTION billing_guard_sequence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.next_value <> 1 THEN
            RAISE EXCEPTION 'a series begins with 1' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.next_value <> OLD.next_value + 1
        OR to_jsonb(OLD) - 'next_value' <> to_jsonb(NEW) - 'next_value' THEN
        RAISE EXCEPTION 'a series goes up by one' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_numbersequence
    FOR EACH ROW EXECUTE FUNCTION billing_guard_sequence();
CREATE TRIGGER never_deleted BEFORE DELETE ON billing_numbersequence
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();
