-- What is there already: reckoned in the order of the entries, in one statement, while nobody posts or reads (the column
-- before it has the lock for that).
ALTER TABLE billing_entry DISABLE TRIGGER append_only;
ALTER TABLE billing_entry NO FORCE ROW LEVEL SECURITY;
UPDATE billing_entry SET balance = reckoned.balance
FROM (
    SELECT id, sum(amount) OVER (PARTITION BY account_id ORDER BY id)::bigint AS balance FROM billing_entry
) reckoned
WHERE billing_entry.id = reckoned.id AND billing_entry.balance <> reckoned.balance;
ALTER TABLE billing_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE billing_entry ENABLE TRIGGER append_only;
