-- As before, and what banks kept of a withdrawal that came back is noted with its end (BIL-7).

CREATE OR REPLACE FUNCTION billing_guard_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free constant text[] := ARRAY[
        'status', 'first_approved_by', 'first_approved_by_name', 'approved_by', 'approved_by_name', 'approved_at',
        'batch_id', 'reason', 'return_charges', 'paid_at', 'ended_at'
    ];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'requested' OR NEW.first_approved_by IS NOT NULL OR NEW.approved_by IS NOT NULL THEN
            RAISE EXCEPTION 'a withdrawal begins as a request' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(OLD) - free <> to_jsonb(NEW) - free
        OR (OLD.batch_id IS NOT NULL AND NEW.batch_id IS DISTINCT FROM OLD.batch_id)
        OR (OLD.first_approved_by IS NOT NULL AND NEW.first_approved_by IS DISTINCT FROM OLD.first_approved_by)
        OR (OLD.approved_by IS NOT NULL AND NEW.approved_by IS DISTINCT FROM OLD.approved_by) THEN
        RAISE EXCEPTION 'a withdrawal keeps what it is over' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
