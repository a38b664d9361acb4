GRANT INSERT, UPDATE, DELETE ON billing_legalentity, billing_taxrate TO manager_web, manager_worker;
