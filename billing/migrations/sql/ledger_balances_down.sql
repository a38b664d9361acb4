DROP TRIGGER begin ON billing_entry;
DROP FUNCTION billing_begin_entry;

CREATE OR REPLACE FUNCTION billing_post_entry() RETURNS trigger LANGUAGE plpgsql AS $$
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
