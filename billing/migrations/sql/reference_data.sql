-- Who sells and at which VAT is the operator's: customers' processes read it, the operator's role writes it.
REVOKE INSERT, UPDATE, DELETE ON billing_legalentity, billing_taxrate FROM manager_web, manager_worker;
