DROP TRIGGER guard ON billing_creditnote;
DROP FUNCTION billing_guard_creditnote();
CREATE OR REPLACE FUNCTION billing_guard_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free constant text[] := ARRAY['status', 'reference', 'failure_code', 'credit_note_id', 'lease_until',
        'fence', 'finished_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM billing_invoice
            WHERE id = NEW.invoice_id AND organization_id = NEW.organization_id AND status = 'paid';
        IF NOT FOUND OR NEW.status <> 'created' THEN
            RAISE EXCEPTION 'a refund begins with a paid invoice of its organization'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        RAISE EXCEPTION 'what a refund gives back is not changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
