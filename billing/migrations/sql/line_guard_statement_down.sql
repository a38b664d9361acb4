-- The function of rows as it was is put back behind this.
DROP TRIGGER guard_new ON billing_invoiceline;
DROP FUNCTION billing_guard_new_lines;
DROP TRIGGER guard ON billing_invoiceline;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_invoiceline
    FOR EACH ROW EXECUTE FUNCTION billing_guard_line();
