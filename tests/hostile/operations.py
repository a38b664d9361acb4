"""Right bodies of the operations that take one, and who takes none, and why."""

from typing import Any

FIELDS: dict[tuple[str, str], Any] = {
    ("invitations", "POST"): {"emails": ["guest@example.com"], "role": "external", "has_billing": False},
    ("product", "PATCH"): {"name": "Renamed"},
    ("void_invoice", "POST"): {"reason": "Wrong address"},
    ("pay_invoice", "POST"): {"method": "{method_id}"},
    ("payment_method", "PATCH"): {"name": "Main card"},
    ("orders", "POST"): {
        "lines": [{"plan": "{plan}", "months": 12, "quantity": 1, "name": "example.org"}],
        "address_id": "{address_id}",
        "confirmed_total": 1,
    },
    ("product_renewal", "PATCH"): {"payment_method": "{method_id}", "auto_renew": True},
    ("to_pay", "POST"): {"invoices": ["{invoice_id}"], "products": ["{product_id}"]},
    ("profile", "PATCH"): {
        "first_name": "Anna", "last_name": "Weber", "language": "de", "theme": "dark",
        "time_zone": "Europe/Zurich",
    },
    ("login", "POST"): {"address": "new@example.com", "password": "quiet-harbour-violet-tandem"},
    ("recovery_email", "POST"): {"address": "other@example.com", "password": "quiet-harbour-violet-tandem"},
    ("recovery_email_remove", "POST"): {"password": "quiet-harbour-violet-tandem"},
    ("phone", "POST"): {"phone": "+41791234567", "password": "quiet-harbour-violet-tandem"},
    ("password", "POST"): {
        "current": "quiet-harbour-violet-tandem", "password": "seven-lantern-orchid-bridge",
    },
    ("sessions_revoke_others", "POST"): {"keep": None},
    ("notifications", "PUT"): {"mails": []},
    ("organization", "PATCH"): {
        "name": "Renamed", "street": "Bahnhofstrasse 1", "city": "Zürich", "language": "de",
        "time_zone": "Europe/Zurich",
    },
    ("logo", "POST"): {"picture": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"},
    ("member", "PATCH"): {"role": "collaborator", "has_billing": True, "topics": ["billing"]},
    ("second_factor_policy", "PUT"): {"roles": ["administrator"], "required_on": "2099-01-01"},
    ("teams", "POST"): {"name": "Front", "color": "teal"},
    ("team", "PATCH"): {"name": "Front", "color": "teal"},
    ("team_members", "POST"): {"members": ["{membership_id}"]},
    ("grants", "POST"): {
        "member": "{membership_id}", "what": [{"product": "{product_id}"}], "level": "view",
        "ends_at": "2099-01-01T00:00:00Z",
    },
    ("access_requests", "POST"): {"product": "{product_id}", "level": "manage", "message": "For shop"},
    ("approve_access_request", "POST"): {"level": "view", "ends_at": "2099-01-01T00:00:00Z"},
    ("refuse_access_request", "POST"): {"answer": "Not this year"},
    ("product_actions", "POST"): {"action": "restart"},
    ("terminations", "POST"): {"product_ids": ["{product_id}"], "reason": "other", "comment": "Bye"},
    ("confirm_termination", "POST"): {"key": "made-up"},
    ("redemption", "POST"): {"months": 12},
    ("transfers", "POST"): {"product_id": "{product_id}"},
    ("changes", "POST"): {"months": 12, "quantity": 3},
    ("support_access", "POST"): {"kind": "mail", "reason": "Matrix"},
    ("accept_transfer", "POST"): {"key": "made-up"},
}  # fmt: skip

# The address says all; a body is not read.
PLAIN: dict[tuple[str, str], str] = {
    ("cancel_invoice", "POST"): "cancels the draft of the address",
    ("cancel_order", "POST"): "cancels the order of the address",
    ("accept_change", "POST"): "accepts the quote of the address",
    ("withdraw_change", "POST"): "withdraws the change of the address",
    ("default_payment_method", "POST"): "prefers the method of the address",
    ("login_cancel", "POST"): "gives up what waits",
    ("login_resend", "POST"): "mails the link again",
    ("recovery_email_cancel", "POST"): "gives up what waits",
    ("recovery_email_resend", "POST"): "mails the link again",
    ("payment_method", "DELETE"): "removes the method of the address",
    ("token", "DELETE"): "revokes the token of the address",
    ("session", "DELETE"): "ends the session of the address",
    ("application", "DELETE"): "takes back what the address names",
    ("access_request", "DELETE"): "withdraws the request of the address",
    ("grant", "DELETE"): "ends the grant of the address",
    ("invitation", "DELETE"): "withdraws the invitation of the address",
    ("resend_invitation", "POST"): "mails the invitation of the address again",
    ("leave", "POST"): "ends the own membership",
    ("logo", "DELETE"): "removes the one logo",
    ("member", "DELETE"): "removes the member of the address",
    ("second_factor_policy", "DELETE"): "lifts the one demand",
    ("team", "DELETE"): "deletes the team of the address",
    ("team_member", "DELETE"): "takes the member of the address out of the team",
    ("product_action", "DELETE"): "takes back what the address names",
    ("termination", "DELETE"): "withdraws the wish of the address",
    ("restore_product", "POST"): "restores the product of the address",
    ("transfer", "DELETE"): "withdraws the offer of the address",
    ("revoke_support_access", "DELETE"): "ends the access of the address",
    ("vat_check", "POST"): "checks the number that is stored",
}
ALWAYS_DONE = frozenset(PLAIN)

PASSED_OVER: dict[tuple[str, str], str] = {}
