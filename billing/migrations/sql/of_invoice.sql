-- What belongs to an invoice belongs to its organization: one key holds both, where there were two.
ALTER TABLE billing_invoiceline ADD CONSTRAINT invoice_line_of_invoice
    FOREIGN KEY (organization_id, invoice_id) REFERENCES billing_invoice (organization_id, id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE billing_renewal ADD CONSTRAINT renewal_of_invoice
    FOREIGN KEY (organization_id, invoice_id) REFERENCES billing_invoice (organization_id, id)
    DEFERRABLE INITIALLY DEFERRED;
