"""What a request to a route sends, and the answers that need a word."""

from tests.isolation.expectations.roles import READ, WRITE

# What a request sends, as a form or as JSON: `{…}` is an object of the target (INC-1, INC-3).
BODIES: dict[str, dict[str, object]] = {
    "organizations:remove_members": {"selected": "{membership_id}", "confirmed": "yes"},
    "organizations:grant": {
        "who": "member:{membership_id}",
        "what": "product:{product_id}",
        "level": "view",
        "save": "yes",
    },
    "organizations:create_team": {"name": "Matrix", "color": "teal"},
    "organizations:edit_team": {"name": "Matrix", "color": "teal"},
    "organizations:team_leader": {"leader": "{membership_id}"},
    "organizations:add_to_team": {"selected": "{membership_id}"},
    "organizations:remove_from_team": {"selected": "{placed_id}", "confirmed": "yes"},
    "organizations:ask_access": {"product": "{product_id}", "level": "manage"},
    "organizations:why": {"product": "{product_id}"},
    "organizations:give_support": {"reason": "Matrix"},
    "api:support_access": {"kind": "mail"},
    "organizations:answer_request": {"do": "approve", "level": "view"},
    "api:teams": {"name": "Matrix"},
    "api:team": {"name": "Renamed"},
    "api:team_members": {"members": ["{membership_id}"]},
    "api:grants": {"member": "{membership_id}", "what": [{"product": "{product_id}"}], "level": "view"},
    "api:why": {"product": "{product_id}"},
    "api:access_requests": {"product": "{product_id}", "level": "manage"},
    "api:refuse_access_request": {"answer": "No"},
    "billing:download_invoices": {"selected": "{invoice_id}"},
    "billing:to_pay_select": {"invoice": "{invoice_id}", "product": "{product_id}"},
    "billing:to_pay": {"invoice": "{invoice_id}", "product": "{product_id}"},
    "billing:checkout": {"address": "{address_id}"},
    "billing:pay_invoice": {"choice": "method:{method_id}"},
    "api:invitations": {"emails": ["guest@example.com"], "role": "external"},
    "api:pay_invoice": {"method": "{method_id}"},
    "api:void_invoice": {"reason": "Wrong address"},
    "billing:void_invoice": {"reason": "Wrong address"},
    "api:to_pay": {"invoices": ["{invoice_id}"]},
    "api:payment_method": {"name": "Main card"},
    "api:product": {"name": "Renamed"},
    "api:organization": {"name": "Renamed"},
    "api:logo": {"picture": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"},
    "api:orders": {"lines": [{"plan": "{plan}", "months": 12}], "address_id": "{address_id}"},
    "api:product_renewal": {"payment_method": "{method_id}"},
    "billing:auto_renew": {"selected": "{product_id}", "auto_renew": "on"},
    "billing:renewal_means": {"method": "{method_id}"},
    "billing:modify_offer": {"plan": "{plan}", "months": "12", "quantity": "3"},
    "api:changes": {"quantity": 3},
    "products:rename": {"name": "Renamed"},
    "products:create_mailbox": {"name": "anna", "password": "quiet-harbour-violet-tandem", "quota_gb": "1"},
    "products:import_mailboxes": {"lines": "ben,quiet-harbour-violet-tandem,1"},
    "products:selected_mailboxes": {"do": "suspend", "asked": "yes", "selected": "{mailbox_id}"},
    "products:mailbox": {"quota_gb": "2"},
    "products:mailbox_password": {"password": "quiet-harbour-violet-tandem"},
    "products:mailbox_reply": {"is_on": "on", "subject": "Away", "text": "Back soon"},
    "products:test_mailbox": {"password": "quiet-harbour-violet-tandem"},
    "products:create_alias": {"name": "info", "mailbox": "{mailbox_address}"},
    "products:create_redirection": {"name": "team", "targets": "team@example.com"},
    "api:mailboxes": {"name": "anna", "password": "quiet-harbour-violet-tandem"},
    "api:mailbox": {"quota_gb": 2},
    "api:mailbox_password": {"password": "quiet-harbour-violet-tandem"},
    "api:test_mailbox": {"password": "quiet-harbour-violet-tandem"},
    "api:mail_routes": {"name": "info", "mailbox": "{mailbox_id}"},
    "api:product_actions": {"action": "restart"},
    "products:terminate": {"selected": "{product_id}", "asked": "yes", "reason": "other"},
    "api:terminations": {"product_ids": ["{product_id}"], "reason": "other"},
    "api:confirm_termination": {"key": "made-up"},
    "products:transfer_product": {"recipient": "link"},
    "api:transfers": {"product_id": "{product_id}"},
    "api:accept_transfer": {"key": "made-up"},
}

# Routes that answer to a missing object, and so to a foreign one, as if it were done.
MISSING_IS_DONE = frozenset({"billing:cart_change", "billing:cart_remove"})

# What a parameter of a route stands for, where its name does not say so.
PARAMETERS: dict[tuple[str, str], str] = {
    ("products:ask_action", "product_id"): "nas_id",
    ("products:cancel_action", "product_id"): "asked_nas_id",
    ("products:cancel_action", "action_id"): "asked_action_id",
    ("api:product_actions", "product_id"): "nas_id",
    ("api:product_action", "product_id"): "asked_nas_id",
    ("api:product_action", "action_id"): "asked_action_id",
    **{
        (name, "product_id"): "mail_id"
        for name in (
            "products:mailboxes",
            "products:create_mailbox",
            "products:import_mailboxes",
            "products:selected_mailboxes",
            "products:mailbox",
            "products:mailbox_password",
            "products:mailbox_reply",
            "products:test_mailbox",
            "products:mail_routes",
            "products:create_alias",
            "products:create_redirection",
            "products:delete_mail_route",
            "api:mailboxes",
            "api:mailbox",
            "api:mailbox_password",
            "api:test_mailbox",
            "api:mail_routes",
            "api:mail_route",
        )
    },
    ("products:confirm_termination", "key"): "termination_key",
    ("products:restore_product", "product_id"): "cooling_id",
    ("api:restore_product", "product_id"): "cooling_id",
    ("billing:restore", "product_id"): "redeemed_id",
    ("api:redemption", "product_id"): "redeemed_id",
    ("billing:shop_plan", "slug"): "plan",
    ("billing:modify_offer", "product_id"): "changing_id",
    ("api:changes", "product_id"): "changing_id",
    **{
        (f"{app}:{name}", "product_id"): "changing_id"
        for app in ("billing", "api")
        for name in ("change", "accept_change")
    },
    **{(f"{app}:withdraw_change", "product_id"): "waiting_id" for app in ("billing", "api")},
    **{(f"{app}:withdraw_change", "change_id"): "waiting_change_id" for app in ("billing", "api")},
    ("billing:shop_family", "slug"): "family",
    ("billing:void_invoice", "invoice_id"): "open_invoice_id",
    ("api:team_member", "membership_id"): "placed_id",
    ("api:void_invoice", "invoice_id"): "open_invoice_id",
}

# Refusals that come from behind the guard: what the object's state does not allow.
ANSWERS_BEHIND_THE_GUARD: frozenset[tuple[int, str, str]] = frozenset(
    {
        # A request is withdrawn by who made it.
        (404, "organizations:withdraw_request", WRITE),
        (404, "api:access_request", "DELETE"),
        # Nothing is demanded of anybody in the matrix, so there is nothing to show or to lift.
        (404, "organizations:lift_second_factor", READ),
        (404, "organizations:lift_second_factor", WRITE),
        (404, "api:second_factor_policy", READ),
        # The first gives it, the others find it open.
        (409, "organizations:give_support", WRITE),
        (409, "api:support_access", WRITE),
        # Who has the secret of an offer may take it: a made-up one opens nothing.
        (404, "api:accept_transfer", WRITE),
        (404, "api:confirm_termination", WRITE),
    }
)

# The person is gone afterwards, so another one plays.
LEAVERS = frozenset({"organizations:leave", "api:leave"})
