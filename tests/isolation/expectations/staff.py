"""Pages of the operator's back office."""

from typing import Any

from tests.isolation.expectations.roles import READ, WRITE

# Pages of the operator's back office: the right that each asks for, besides a second factor in the session.
# Who is no staff gets the answer of a missing page (tests/accounts/staff/test_guard.py plays them all).
REVIEWS, SEES_STAFF = "accounts.review_identity", "accounts.see_staff"
SUPPORTS = "organizations.support_access"
EDITS = "products.edit_catalog"
WARRANTS = "products.renewal_warranty"
MENDS = "products.mend_services"
PROMOTES = "billing.manage_promotions"
PROVES = "billing.prove_ledger"
TAXES = "billing.manage_vat"
PAYS_OUT = "billing.pay_out"
BANKS = "billing.look_after_bank"

REFUNDS, DISPUTES, MESSAGES = "billing.give_refunds", "billing.look_after_disputes", "billing.mend_events"
RUNS = "billing.follow_runs"
ORDERS, HOLD_RULES = "billing.look_after_orders", "billing.edit_hold_rules"

STAFF: dict[str, dict[str, Any]] = {
    "billing:staff_disputes": {"right": DISPUTES, "methods": (READ,)},
    "billing:staff_dispute": {"right": DISPUTES, "methods": (READ,)},
    "billing:staff_dispute_suspend": {"right": DISPUTES, "methods": (READ, WRITE)},
    "billing:staff_messages": {"right": MESSAGES, "methods": (READ,)},
    "billing:staff_messages_replay": {"right": MESSAGES, "methods": (WRITE,)},
    "billing:staff_runs": {"right": RUNS, "methods": (READ,)},
    "billing:staff_run": {"right": RUNS, "methods": (READ,)},
    "billing:staff_findings": {"right": RUNS, "methods": (READ,)},
    "billing:staff_findings_check": {"right": RUNS, "methods": (WRITE,)},
    "billing:staff_quarantine": {"right": RUNS, "methods": (READ,)},
    "billing:staff_quarantine_release": {"right": RUNS, "methods": (WRITE,)},
    "billing:staff_refunds": {"right": REFUNDS, "methods": (READ,)},
    "billing:staff_refunds_csv": {"right": REFUNDS, "methods": (READ,)},
    "billing:staff_refund_choose": {"right": REFUNDS, "methods": (READ,)},
    "billing:staff_refund": {"right": REFUNDS, "methods": (READ, WRITE)},
    "billing:staff_orders": {"right": ORDERS, "methods": (READ,)},
    "billing:staff_orders_csv": {"right": ORDERS, "methods": (READ,)},
    "billing:staff_unfulfilled": {"right": ORDERS, "methods": (READ,)},
    "billing:staff_unfulfilled_retry": {"right": ORDERS, "methods": (WRITE,)},
    "billing:staff_holds": {"right": ORDERS, "methods": (READ,)},
    "billing:staff_hold": {"right": ORDERS, "methods": (READ,)},
    "billing:staff_hold_send": {"right": ORDERS, "methods": (WRITE,)},
    "billing:staff_hold_release": {"right": ORDERS, "methods": (READ, WRITE)},
    "billing:staff_hold_refuse": {"right": ORDERS, "methods": (READ, WRITE)},
    "billing:staff_hold_rules": {"right": HOLD_RULES, "methods": (READ,)},
    "billing:staff_hold_rule": {"right": HOLD_RULES, "methods": (READ, WRITE)},
    "shell:staff_home": {"right": "", "methods": (READ,)},
    "accounts:staff": {"right": SEES_STAFF, "methods": (READ,)},
    "accounts:staff_identity": {"right": REVIEWS, "methods": (READ,)},
    "accounts:staff_identity_ask": {"right": REVIEWS, "methods": (READ, WRITE)},
    "accounts:staff_identity_report": {"right": REVIEWS, "methods": (READ,)},
    "accounts:staff_identity_case": {"right": REVIEWS, "methods": (READ,)},
    "accounts:staff_identity_approve": {"right": REVIEWS, "methods": (WRITE,)},
    "accounts:staff_identity_refuse": {"right": REVIEWS, "methods": (READ, WRITE)},
    "accounts:staff_identity_stop": {"right": REVIEWS, "methods": (READ, WRITE)},
    "accounts:staff_identity_image": {"right": REVIEWS, "methods": (READ,)},
    "billing:staff_bank": {"right": BANKS, "methods": (READ,)},
    "billing:staff_bank_confirm": {"right": BANKS, "methods": (WRITE,)},
    "billing:staff_bank_upload": {"right": BANKS, "methods": (READ, WRITE)},
    "billing:staff_bank_statements": {"right": BANKS, "methods": (READ,)},
    "billing:staff_bank_statement": {"right": BANKS, "methods": (READ,)},
    "billing:staff_bank_entry": {"right": BANKS, "methods": (READ,)},
    "billing:staff_bank_assign": {"right": BANKS, "methods": (READ, WRITE)},
    "billing:staff_bank_set_aside": {"right": BANKS, "methods": (READ, WRITE)},
    "billing:staff_bank_reset": {"right": BANKS, "methods": (WRITE,)},
    "billing:staff_bank_payout_back": {"right": BANKS, "methods": (WRITE,)},
    "billing:staff_bank_take_back": {"right": BANKS, "methods": (READ, WRITE)},
    "billing:staff_ledger": {"right": PROVES, "methods": (READ,)},
    "billing:staff_ledger_prove": {"right": PROVES, "methods": (WRITE,)},
    "billing:staff_vat": {"right": TAXES, "methods": (READ,)},
    "billing:staff_vat_history": {"right": TAXES, "methods": (READ,)},
    "billing:staff_vat_countries": {"right": TAXES, "methods": (READ,)},
    "billing:staff_vat_countries_csv": {"right": TAXES, "methods": (READ,)},
    "billing:staff_vat_place": {"right": TAXES, "methods": (READ,)},
    "billing:staff_vat_add": {"right": TAXES, "methods": (READ, WRITE)},
    "billing:staff_vat_scheme": {"right": TAXES, "methods": (READ, WRITE)},
    "billing:staff_vat_take_back": {"right": TAXES, "methods": (WRITE,)},
    "billing:staff_withdrawals": {"right": PAYS_OUT, "methods": (READ,)},
    "billing:staff_withdrawals_selected": {"right": PAYS_OUT, "methods": (WRITE,)},
    "billing:staff_withdrawals_batch": {"right": PAYS_OUT, "methods": (WRITE,)},
    "billing:staff_withdrawals_file": {"right": PAYS_OUT, "methods": (READ,)},
    "products:staff_provisioning": {"right": MENDS, "methods": (READ,)},
    "products:staff_provisioning_retry": {"right": MENDS, "methods": (WRITE,)},
    "products:staff_provisioning_actions": {"right": MENDS, "methods": (READ,)},
    "products:staff_provisioning_mend": {"right": MENDS, "methods": (WRITE,)},
    "products:staff_warranty": {"right": WARRANTS, "methods": (READ,)},
    "products:staff_warranty_case": {"right": WARRANTS, "methods": (READ,)},
    "products:staff_warranty_contact": {"right": WARRANTS, "methods": (WRITE,)},
    "products:staff_warranty_renew": {"right": WARRANTS, "methods": (READ, WRITE)},
    "organizations:staff_support": {"right": SUPPORTS, "methods": (READ,)},
    "organizations:staff_support_leave": {"right": SUPPORTS, "methods": (WRITE,)},
    "organizations:staff_support_enter": {"right": SUPPORTS, "methods": (READ, WRITE)},
    "billing:staff_promotions": {"right": PROMOTES, "methods": (READ,)},
    "billing:staff_promotions_export": {"right": PROMOTES, "methods": (READ,)},
    "billing:staff_promotion": {"right": PROMOTES, "methods": (READ,)},
    "billing:staff_promotion_add": {"right": PROMOTES, "methods": (READ, WRITE)},
    "billing:staff_promotion_edit": {"right": PROMOTES, "methods": (READ, WRITE)},
    "billing:staff_promotion_close": {"right": PROMOTES, "methods": (READ, WRITE)},
    "billing:staff_credits": {"right": PROMOTES, "methods": (READ,)},
    "billing:staff_credit_grant": {"right": PROMOTES, "methods": (READ, WRITE)},
    "billing:staff_credit_withdraw": {"right": PROMOTES, "methods": (READ, WRITE)},
    "products:staff_catalog": {"right": EDITS, "methods": (READ,)},
    "products:staff_catalog_families": {"right": EDITS, "methods": (READ,)},
    "products:staff_catalog_plan": {"right": EDITS, "methods": (READ,)},
    "products:staff_catalog_plan_preview": {"right": EDITS, "methods": (READ,)},
    "products:staff_catalog_history": {"right": EDITS, "methods": (READ,)},
    "products:staff_catalog_export": {"right": EDITS, "methods": (READ,)},
    "products:staff_catalog_family_add": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_family": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_family_withdraw": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_plan_add": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_plan_edit": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_plan_withdraw": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_plan_price": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_option_add": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_option": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_option_price": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_import": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_upload": {"right": EDITS, "methods": (READ, WRITE)},
    "products:staff_catalog_family_publish": {"right": EDITS, "methods": (WRITE,)},
    "products:staff_catalog_family_place": {"right": EDITS, "methods": (WRITE,)},
    "products:staff_catalog_plan_publish": {"right": EDITS, "methods": (WRITE,)},
    "products:staff_catalog_plan_place": {"right": EDITS, "methods": (WRITE,)},
    "products:staff_catalog_option_place": {"right": EDITS, "methods": (WRITE,)},
}
