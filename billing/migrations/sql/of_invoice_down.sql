ALTER TABLE billing_invoiceline DROP CONSTRAINT invoice_line_of_invoice;
ALTER TABLE billing_renewal DROP CONSTRAINT renewal_of_invoice;
