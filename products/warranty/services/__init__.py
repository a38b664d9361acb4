"""The verbs of a case under Renewal Warranty."""

from products.warranty.services.close import close_case
from products.warranty.services.contact import note_contact, send_contact
from products.warranty.services.open import open_case
from products.warranty.services.renew import renew_at_risk

__all__ = ["close_case", "note_contact", "open_case", "renew_at_risk", "send_contact"]
