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
}  # fmt: skip

# The address says all; a body is not read.
PLAIN: dict[tuple[str, str], str] = {
    ("cancel_invoice", "POST"): "cancels the draft of the address",
    ("cancel_order", "POST"): "cancels the order of the address",
    ("default_payment_method", "POST"): "prefers the method of the address",
    ("login_cancel", "POST"): "gives up what waits",
    ("login_resend", "POST"): "mails the link again",
    ("recovery_email_cancel", "POST"): "gives up what waits",
    ("recovery_email_resend", "POST"): "mails the link again",
    ("payment_method", "DELETE"): "removes the method of the address",
    ("token", "DELETE"): "revokes the token of the address",
    ("application", "DELETE"): "takes back what the address names",
}
ALWAYS_DONE = frozenset(PLAIN)

PASSED_OVER: dict[tuple[str, str], str] = {}
