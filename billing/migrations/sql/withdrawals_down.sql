DROP TRIGGER never_deleted ON billing_withdrawal;
DROP TRIGGER guard ON billing_withdrawal;
DROP FUNCTION billing_guard_withdrawal;
