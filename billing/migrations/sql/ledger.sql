-- The ledger's guards (BIL-15). An account's balance is kept by a trigger alone; journals and entries are only
-- added; a journal that does not sum to zero does not commit; nobody adds an entry to somebody else's journal.

CREATE FUNCTION billing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing_journal
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON billing_entry
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON billing_journal
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON billing_entry
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON billing_account
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse();
CREATE TRIGGER never_deleted BEFORE DELETE ON billing_account
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();

-- An account begins at zero; afterwards only the trigger of an entry (depth 2 and more) moves its balance.
CREATE FUNCTION billing_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.balance <> 0 THEN
            RAISE EXCEPTION 'an account begins with nothing' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF pg_trigger_depth() < 2 OR to_jsonb(OLD) - 'balance' <> to_jsonb(NEW) - 'balance' THEN
        RAISE EXCEPTION 'an account changes by entries only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_account
    FOR EACH ROW EXECUTE FUNCTION billing_guard_account();

CREATE FUNCTION billing_stamp_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.posted_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON billing_journal
    FOR EACH ROW EXECUTE FUNCTION billing_stamp_journal();

CREATE FUNCTION billing_post_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM billing_journal j JOIN billing_account a ON a.currency = j.currency
        WHERE j.id = NEW.journal_id AND a.id = NEW.account_id
        AND j.organization_id = NEW.organization_id AND a.organization_id = NEW.organization_id
        AND j.posted_in = pg_current_xact_id()::text::bigint;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an entry belongs to a new journal and an account of one organization and currency'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE billing_account SET balance = balance + NEW.amount WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER post AFTER INSERT ON billing_entry
    FOR EACH ROW EXECUTE FUNCTION billing_post_entry();

-- Runs at the commit, when the scope may be another one: the row was written under its organization's policy,
-- so that looking at that organization again shows nothing new. The scope is put back.
CREATE FUNCTION billing_check_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    scope constant text := current_setting('app.organization', true);
    entries bigint;
    total numeric;
    checked bigint;
BEGIN
    PERFORM set_config('app.organization', NEW.organization_id::text, true);
    checked := CASE TG_TABLE_NAME WHEN 'billing_journal' THEN (to_jsonb(NEW) ->> 'id')::bigint
        ELSE (to_jsonb(NEW) ->> 'journal_id')::bigint END;
    SELECT count(*), coalesce(sum(amount), 0) INTO entries, total FROM billing_entry WHERE journal_id = checked;
    PERFORM set_config('app.organization', scope, true);
    IF entries < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'journal % does not balance: % entries, sum %', checked, entries, total
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON billing_journal DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_check_balanced();
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON billing_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_check_balanced();
