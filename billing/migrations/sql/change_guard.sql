-- What was quoted is not changed, and its status goes one step of the table at a time (PRD-10, PRD-14).
CREATE FUNCTION billing_guard_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free constant text[] := ARRAY['status', 'invoice_id', 'accepted_at', 'settled_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'quoted' THEN
            RAISE EXCEPTION 'a change begins as a quote' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'quoted' THEN
            RAISE EXCEPTION 'an accepted change is kept' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        RAISE EXCEPTION 'a quote is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
        ('quoted', 'accepted'), ('accepted', 'applied'), ('accepted', 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'a change does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON billing_changequote
    FOR EACH ROW EXECUTE FUNCTION billing_guard_change();
