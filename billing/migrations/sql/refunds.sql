-- The guards of refunds (BIL-14, BIL-16): never more than the invoice was over, nor than its charge took; what a
-- refund is made of does not change once it is stored. The invoice's row is locked, so that two at once count
-- each other. A refund that is not finished counts; its credit note, when it comes, takes its place.

CREATE OR REPLACE FUNCTION billing_guard_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner billing_invoice;
    free constant text[] := ARRAY['status', 'reference', 'failure_code', 'credit_note_id', 'lease_until', 'fence',
        'finished_at'];
    gone numeric;
    charged numeric;
    given numeric;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - free <> to_jsonb(NEW) - free
            OR (OLD.credit_note_id IS NOT NULL AND to_jsonb(OLD) <> to_jsonb(NEW)) THEN
            RAISE EXCEPTION 'what a refund gives back is not changed'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO owner FROM billing_invoice
        WHERE id = NEW.invoice_id AND organization_id = NEW.organization_id FOR UPDATE;
    IF NOT FOUND OR owner.status <> 'paid' OR owner.currency <> NEW.currency OR NEW.status <> 'created' THEN
        RAISE EXCEPTION 'a refund begins with a paid invoice of its organization'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT coalesce(sum(total_amount), 0) INTO gone FROM billing_creditnote WHERE invoice_id = NEW.invoice_id;
    SELECT gone + coalesce(sum(amount), 0) INTO gone FROM billing_refund
        WHERE invoice_id = NEW.invoice_id AND credit_note_id IS NULL;
    IF gone + NEW.amount > owner.total_amount THEN
        RAISE EXCEPTION 'more than invoice % is over would be given back', owner.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.attempt_id IS NOT NULL THEN
        SELECT amount INTO charged FROM billing_paymentattempt
            WHERE id = NEW.attempt_id AND organization_id = NEW.organization_id AND invoice_id = NEW.invoice_id
            AND status = 'succeeded';
        SELECT coalesce(sum(amount - kept_amount), 0) INTO given FROM billing_refund
            WHERE attempt_id = NEW.attempt_id AND status <> 'kept';
        IF charged IS NULL OR given + NEW.amount - NEW.kept_amount > charged THEN
            RAISE EXCEPTION 'more than the charge took would be given back'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION billing_guard_creditnote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner billing_invoice;
    gone numeric;
    waiting numeric;
BEGIN
    SELECT * INTO owner FROM billing_invoice
        WHERE id = NEW.invoice_id AND organization_id = NEW.organization_id FOR UPDATE;
    IF NOT FOUND OR owner.status = 'cancelled' OR owner.currency <> NEW.currency
        OR owner.legal_entity_id <> NEW.legal_entity_id THEN
        RAISE EXCEPTION 'a credit note is of an invoice of its organization'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT coalesce(sum(total_amount), 0) INTO gone FROM billing_creditnote WHERE invoice_id = NEW.invoice_id;
    SELECT coalesce(sum(amount), 0) INTO waiting FROM billing_refund
        WHERE invoice_id = NEW.invoice_id AND credit_note_id IS NULL AND amount <> NEW.total_amount;
    IF gone + waiting + NEW.total_amount > owner.total_amount THEN
        RAISE EXCEPTION 'more than invoice % is over would be credited', owner.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON billing_creditnote
    FOR EACH ROW EXECUTE FUNCTION billing_guard_creditnote();
