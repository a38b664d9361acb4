-- The four roles of the panel. Run once per cluster as a superuser; running it again changes the passwords.
-- psql -v owner_password=… -v web_password=… -v worker_password=… -v system_password=… -f roles.sql
-- The default of 0 for the scope makes a query outside a tenant scope return nothing and raise nothing.

SELECT set_config('bootstrap.manager_owner', :'owner_password', false),
       set_config('bootstrap.manager_web', :'web_password', false),
       set_config('bootstrap.manager_worker', :'worker_password', false),
       set_config('bootstrap.manager_system', :'system_password', false);

DO $roles$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['manager_owner', 'manager_web', 'manager_worker', 'manager_system'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
        EXECUTE format(
            'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION PASSWORD %L',
            name, current_setting('bootstrap.' || name)
        );
        EXECUTE format('ALTER ROLE %I SET app.organization = ''0''', name);
        EXECUTE format('ALTER ROLE %I SET app."user" = ''0''', name);
        PERFORM set_config('bootstrap.' || name, '', false);
    END LOOP;
END
$roles$;
