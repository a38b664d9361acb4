DROP FUNCTION billing_guard_change() CASCADE;
