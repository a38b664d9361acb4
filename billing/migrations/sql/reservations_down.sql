DROP TRIGGER never_emptied ON billing_reservation;
DROP TRIGGER never_deleted ON billing_reservation;
DROP TRIGGER guard ON billing_reservation;
DROP FUNCTION billing_guard_reservation;
