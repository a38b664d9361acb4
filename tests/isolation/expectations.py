"""Who may do what: one line for each route. A route without a line fails the matrix.

A line gives each method the right that it asks for; `RIGHTS` says who has it. Members are written as
role and billing right: `LR` legal representative, `A` administrator, `C` collaborator, `E` external user,
a `+` for the billing right. Everybody else who is signed in gets 404 for an organization's address, and a
member without the right gets 403. Methods that a line leaves out are refused to everybody.
"""

EVERYBODY = ("LR", "LR+", "A", "A+", "C", "C+", "E", "E+")
RIGHTS: dict[str, tuple[str, ...]] = {
    "view": EVERYBODY,
    "lead": ("LR", "LR+", "A", "A+"),
    "see members": ("LR", "LR+", "A", "A+", "C", "C+"),
    "products": EVERYBODY,
    "bill": ("LR+", "A+", "C+", "E+"),
}

READ = "GET"
WRITE = "POST"

# Pages of an organization: /o/<organization>/…
PAGES: dict[str, dict[str, str]] = {
    "shell:home": {READ: "view"},
    "shell:search": {READ: "view"},
    "organizations:switch": {WRITE: "view"},
    "organizations:settings": {READ: "lead", WRITE: "lead"},
    "organizations:upload_logo": {READ: "lead", WRITE: "lead"},
    "organizations:remove_logo": {READ: "lead", WRITE: "lead"},
    "organizations:logo": {READ: "view"},
    "organizations:check_vat": {WRITE: "lead"},
    "organizations:deletion": {READ: "lead"},
    "organizations:delete": {READ: "lead", WRITE: "lead"},
    "organizations:leave": {READ: "view", WRITE: "view"},
    "organizations:members": {READ: "see members"},
    "organizations:remove_members": {READ: "lead", WRITE: "lead"},
    "organizations:invite": {READ: "lead", WRITE: "lead"},
    "organizations:invite_step": {READ: "lead", WRITE: "lead"},
    "organizations:member": {READ: "lead", WRITE: "lead"},
    "organizations:grant": {WRITE: "lead"},
    "organizations:revoke_grant": {WRITE: "lead"},
    "organizations:resend_invitation": {WRITE: "lead"},
    "organizations:withdraw_invitation": {READ: "lead", WRITE: "lead"},
    "organizations:audit": {READ: "lead"},
    "organizations:second_factor_policy": {READ: "lead", WRITE: "lead"},
    "organizations:lift_second_factor": {READ: "lead", WRITE: "lead"},
    "organizations:audit_event": {READ: "lead"},
    "organizations:export_audit": {READ: "lead"},
    "organizations:check_audit": {READ: "lead"},
    "products:list": {READ: "products"},
    "products:family": {READ: "products"},
    "products:product": {READ: "products"},
    "products:rename": {READ: "products", WRITE: "products"},
    "billing:invoices": {READ: "bill"},
    "billing:export_invoices": {READ: "bill"},
    "billing:invoice": {READ: "bill"},
    "billing:cancel_invoice": {READ: "bill", WRITE: "bill"},
    "billing:void_invoice": {READ: "bill", WRITE: "bill"},
    "billing:invoice_pdf": {READ: "bill"},
    "billing:credit_note_pdf": {READ: "bill"},
    "billing:download_invoices": {WRITE: "bill"},
    "billing:billing_addresses": {READ: "bill"},
    "billing:add_billing_address": {READ: "bill", WRITE: "bill"},
    "billing:edit_billing_address": {READ: "bill", WRITE: "bill"},
    "billing:default_billing_address": {WRITE: "bill"},
    "billing:remove_billing_address": {READ: "bill", WRITE: "bill"},
    "billing:pay_invoice": {READ: "bill", WRITE: "bill"},
    "billing:payment_return": {READ: "bill"},
    "billing:cancel_payment": {WRITE: "bill"},
    "billing:payment_methods": {READ: "bill"},
    "billing:add_payment_method": {WRITE: "bill"},
    "billing:payment_method_return": {READ: "bill"},
    "billing:rename_payment_method": {READ: "bill", WRITE: "bill"},
    "billing:default_payment_method": {WRITE: "bill"},
    "billing:remove_payment_method": {READ: "bill", WRITE: "bill"},
    "billing:prepaid": {READ: "bill"},
    "billing:top_up": {WRITE: "bill"},
    "billing:to_pay": {READ: "bill"},
    "billing:to_pay_select": {WRITE: "bill"},
    "billing:release_selection": {READ: "bill", WRITE: "bill"},
    "billing:shop": {READ: "bill"},
    "billing:shop_plan": {READ: "bill", WRITE: "bill"},
    "billing:shop_family": {READ: "bill"},
    "billing:cart": {READ: "bill"},
    "billing:cart_change": {WRITE: "bill"},
    "billing:cart_remove": {WRITE: "bill"},
    "billing:checkout": {READ: "bill", WRITE: "bill"},
    "billing:orders": {READ: "bill"},
    "billing:order": {READ: "bill"},
    "billing:cancel_order": {READ: "bill", WRITE: "bill"},
    "billing:renewals": {READ: "bill"},
    "billing:auto_renew": {WRITE: "bill"},
    "billing:renewal_means": {READ: "bill", WRITE: "bill"},
}

# Operations of an organization: /api/…/organizations/<organization>/…, each with the token's scope.
OPERATIONS: dict[str, dict[str, tuple[str, str]]] = {
    "organization": {READ: ("view", "organizations:read"), "PATCH": ("lead", "organizations:write")},
    "vat_check": {READ: ("lead", "organizations:read"), WRITE: ("lead", "organizations:write")},
    "logo": {WRITE: ("lead", "organizations:write"), "DELETE": ("lead", "organizations:write")},
    "deletion": {READ: ("lead", "organizations:read")},
    "members": {READ: ("see members", "organizations:read")},
    "invitations": {READ: ("lead", "organizations:read"), WRITE: ("lead", "organizations:write")},
    "audit": {READ: ("lead", "organizations:read")},
    "audit_chain": {READ: ("lead", "organizations:read")},
    "products": {READ: ("products", "products:read")},
    "product": {READ: ("products", "products:read"), "PATCH": ("products", "products:write")},
    "invoices": {READ: ("bill", "billing:read")},
    "invoice": {READ: ("bill", "billing:read")},
    "cancel_invoice": {WRITE: ("bill", "billing:write")},
    "void_invoice": {WRITE: ("bill", "billing:write")},
    "invoice_pdf": {READ: ("bill", "billing:read")},
    "addresses": {READ: ("bill", "billing:read")},
    "address": {READ: ("bill", "billing:read")},
    "pay_invoice": {WRITE: ("bill", "billing:write")},
    "payment": {READ: ("bill", "billing:read")},
    "payment_methods": {READ: ("bill", "billing:read")},
    "payment_method": {
        READ: ("bill", "billing:read"),
        "PATCH": ("bill", "billing:write"),
        "DELETE": ("bill", "billing:write"),
    },
    "default_payment_method": {WRITE: ("bill", "billing:write")},
    "prepaid": {READ: ("bill", "billing:read")},
    "catalogue": {READ: ("products", "products:read")},
    "orders": {READ: ("bill", "billing:read"), WRITE: ("bill", "products:write")},
    "order": {READ: ("bill", "billing:read")},
    "cancel_order": {WRITE: ("bill", "billing:write")},
    "renewals": {READ: ("bill", "billing:read")},
    "product_renewal": {READ: ("bill", "billing:read"), "PATCH": ("bill", "billing:write")},
    "to_pay": {READ: ("bill", "billing:read"), WRITE: ("bill", "billing:write")},
}

# Operations of a person, with the token's scope.
OWN_OPERATIONS: dict[str, dict[str, str]] = {
    "organizations": {READ: "organizations:read"},
    "profile": {READ: "profile:read", "PATCH": "profile:write"},
    "login": {READ: "profile:read", WRITE: "profile:write"},
    "login_cancel": {WRITE: "profile:write"},
    "login_resend": {WRITE: "profile:write"},
    "recovery_email": {READ: "profile:read", WRITE: "profile:write"},
    "recovery_email_cancel": {WRITE: "profile:write"},
    "recovery_email_resend": {WRITE: "profile:write"},
    "recovery_email_remove": {WRITE: "profile:write"},
    "phone": {WRITE: "profile:write"},
    "password": {WRITE: "profile:write"},
    "tokens": {READ: "profile:read"},
}

# Pages of a person: anonymous people sign in first; another person's object is a missing one.
PERSONAL: dict[str, tuple[str, ...]] = {
    "organizations:mine": (READ,),
    "organizations:switcher": (READ,),
    "organizations:create": (READ, WRITE),
    "accounts:profile": (READ, WRITE),
    "accounts:security": (READ,),
    "accounts:password_change": (READ, WRITE),
    "accounts:login_change": (READ, WRITE),
    "accounts:login_change_resend": (WRITE,),
    "accounts:login_change_cancel": (WRITE,),
    "accounts:login_change_confirm": (READ, WRITE),
    "accounts:recovery_email": (READ, WRITE),
    "accounts:recovery_email_resend": (WRITE,),
    "accounts:recovery_email_cancel": (WRITE,),
    "accounts:recovery_email_confirm": (READ, WRITE),
    "accounts:recovery_email_remove": (READ, WRITE),
    "accounts:phone_change": (READ, WRITE),
    "accounts:prove": (READ, WRITE),
    "accounts:totp_enable": (READ, WRITE),
    "accounts:factor_remove": (READ, WRITE),
    "accounts:factor_rename": (READ, WRITE),
    "accounts:backup_codes": (READ, WRITE),
    "accounts:phone_link": (READ, WRITE),
    "accounts:phone_link_state": (READ,),
    "accounts:phone_confirm": (WRITE,),
    "accounts:phone_link_here": (READ, WRITE),
    "accounts:tokens": (READ,),
    "accounts:token_create": (READ, WRITE),
    "accounts:token_revoke": (READ, WRITE),
    "accounts:session_revoke": (WRITE,),
    "accounts:sessions_revoke_others": (WRITE,),
}

# Open to everybody; with what an anonymous visitor is answered to a made-up key and an empty form.
PUBLIC: dict[str, dict[str, int]] = {
    "shell:entrance": {READ: 302},
    "shell:theme": {WRITE: 302},
    "shell:language": {WRITE: 302},
    "shell:health": {READ: 200},
    "shell:brand:stylesheet": {READ: 200},
    "accounts:sign_in": {READ: 200, WRITE: 422},
    "accounts:sign_out": {WRITE: 302},
    "accounts:second_step": {READ: 302, WRITE: 302},
    "accounts:phone_step": {READ: 302, WRITE: 302},
    "accounts:phone_step_state": {READ: 302},
    "accounts:phone_step_events": {READ: 302},
    # The app on the phone is the same for everybody; what it says is signed, and an unsigned word is none.
    "accounts:phone_app": {READ: 200},
    "accounts:phone_app_link": {READ: 200},
    "accounts:phone_app_manifest": {READ: 200},
    "accounts:phone_app_worker": {READ: 200},
    "accounts:phone_offer": {WRITE: 400},
    "accounts:phone_take_offer": {WRITE: 400},
    "accounts:phone_requests": {WRITE: 400},
    "accounts:phone_answer": {WRITE: 400},
    "accounts:phone_unlink": {WRITE: 400},
    "accounts:phone_subscribe": {WRITE: 400},
    "accounts:second_step_ways": {READ: 302},
    "accounts:password_forgotten": {READ: 200, WRITE: 422},
    "accounts:password_forgotten_sent": {READ: 200},
    "accounts:login_forgotten": {READ: 200, WRITE: 422},
    "accounts:login_forgotten_sent": {READ: 200},
    "accounts:login_change_stop": {READ: 404, WRITE: 404},
    "accounts:login_change_undo": {READ: 404, WRITE: 404},
    "accounts:login_change_undone": {READ: 200},
    "accounts:password_reset": {READ: 404, WRITE: 404},
    "accounts:confirm_email": {READ: 404, WRITE: 404},
    "organizations:register": {READ: 200, WRITE: 422},
    "organizations:registered": {READ: 200},
    "organizations:accept_invitation": {READ: 404, WRITE: 404},
    "billing:payment_link": {READ: 404, WRITE: 404},
    "billing:webhook": {WRITE: 404},
    # The inbox of the demonstration, which no real installation has.
    "demo:inbox": {READ: 200},
    "demo:message": {READ: 404},
    "demo:message_html": {READ: 404},
    "demo:attachment": {READ: 404},
    "openapi": {READ: 200},
    "api-reference": {READ: 200},
    "styleguide:components": {READ: 200},
    "styleguide:dialog": {READ: 200, "POST": 302},
    "styleguide:layout": {READ: 404},
}

# What a request sends, as a form or as JSON: `{…}` is an object of the target (INC-1, INC-3).
BODIES: dict[str, dict[str, object]] = {
    "organizations:remove_members": {"selected": "{membership_id}", "confirmed": "yes"},
    "organizations:grant": {"what": "product:{product_id}", "level": "view"},
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
    "products:rename": {"name": "Renamed"},
}

# Routes that answer to a missing object, and so to a foreign one, as if it were done.
MISSING_IS_DONE = frozenset({"billing:cart_change", "billing:cart_remove"})

# What a parameter of a route stands for, where its name does not say so.
PARAMETERS: dict[tuple[str, str], str] = {
    ("billing:shop_plan", "slug"): "plan",
    ("billing:shop_family", "slug"): "family",
    ("billing:void_invoice", "invoice_id"): "open_invoice_id",
    ("api:void_invoice", "invoice_id"): "open_invoice_id",
}

# Refusals that come from behind the guard: what the object's state does not allow.
ANSWERS_BEHIND_THE_GUARD: frozenset[tuple[int, str, str]] = frozenset(
    {(404, "billing:credit_note_pdf", READ)}
)

# The person is gone afterwards, so another one plays.
LEAVERS = frozenset({"organizations:leave"})
