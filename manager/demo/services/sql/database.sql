-- What a database of the panel needs before the first migration. Run in that database as a superuser,
-- after roles.sql; running it again changes nothing. The web, worker and system roles own no table: whatever
-- manager_owner creates later, they may read and change its rows, and nothing more. Only the system role may
-- make temporary tables: what is planned waits there while it is stored one group at a time.

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

DO $database$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO manager_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO manager_web, manager_worker, manager_system', current_database()
    );
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO manager_system', current_database());
END
$database$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO manager_web, manager_worker, manager_system;
ALTER DEFAULT PRIVILEGES FOR ROLE manager_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO manager_web, manager_worker, manager_system;
ALTER DEFAULT PRIVILEGES FOR ROLE manager_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO manager_web, manager_worker, manager_system;
