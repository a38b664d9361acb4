-- Money set aside for an invoice (BIL-16): born open, ends once, as one of two; never more than the invoice.

CREATE FUNCTION billing_guard_reservation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    invoice billing_invoice;
    reserved numeric;
    free constant text[] := ARRAY['captured_at', 'released_at'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
            RAISE EXCEPTION 'a reservation keeps what it is over' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF OLD.captured_at IS NOT NULL OR OLD.released_at IS NOT NULL THEN
            RAISE EXCEPTION 'a reservation ends once' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.captured_at IS NOT NULL OR NEW.released_at IS NOT NULL THEN
        RAISE EXCEPTION 'a reservation begins open' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Under the invoice's lock, so that two reservations see each other.
    SELECT * INTO invoice FROM billing_invoice
        WHERE id = NEW.invoice_id AND organization_id = NEW.organization_id FOR UPDATE;
    IF NOT FOUND OR invoice.currency <> NEW.currency THEN
        RAISE EXCEPTION 'a reservation is for an invoice of its organization and currency'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF invoice.status NOT IN ('draft', 'open') THEN
        RAISE EXCEPTION 'invoice % does not wait for money', invoice.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT coalesce(sum(amount), 0) INTO reserved FROM billing_reservation
        WHERE invoice_id = NEW.invoice_id AND captured_at IS NULL AND released_at IS NULL;
    IF reserved + NEW.amount > invoice.total_amount THEN
        RAISE EXCEPTION 'more is set aside for invoice % than it costs', invoice.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_reservation
    FOR EACH ROW EXECUTE FUNCTION billing_guard_reservation();
CREATE TRIGGER never_deleted BEFORE DELETE ON billing_reservation
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON billing_reservation
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
