-- Each entry keeps what was on its account after it (BIL-15). The balance is taken under the lock of the account before
-- the entry is written, and the account is moved after it, from there on alone: what does not follow on from the last
-- entry is refused, so that neither the one nor the other can be wrong.

CREATE OR REPLACE FUNCTION billing_begin_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT a.balance + NEW.amount INTO NEW.balance
        FROM billing_account a JOIN billing_journal j ON j.currency = a.currency
        WHERE j.id = NEW.journal_id AND a.id = NEW.account_id
        AND j.organization_id = NEW.organization_id AND a.organization_id = NEW.organization_id
        AND j.posted_in = pg_current_xact_id()::text::bigint
        FOR NO KEY UPDATE OF a;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an entry belongs to a new journal and an account of one organization and currency'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION billing_post_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE billing_account SET balance = NEW.balance
        WHERE id = NEW.account_id AND balance = NEW.balance - NEW.amount;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an entry follows on from the balance of its account'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS begin ON billing_entry;
CREATE TRIGGER begin BEFORE INSERT ON billing_entry
    FOR EACH ROW EXECUTE FUNCTION billing_begin_entry();
