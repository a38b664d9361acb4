"""Verbs of identity checks (ACC-12): open, answer, send, review, carry out, delete."""

from accounts.identity.services.answers import (
    choose_document,
    prove_phone,
    send_code,
    store_image,
    submit_case,
)
from accounts.identity.services.files import delete_files_of, expire_case, forget_contact
from accounts.identity.services.open import find_owner, leave_cases, open_case, withdraw_case
from accounts.identity.services.outcome import carry_out, find_result, make_result, use_result
from accounts.identity.services.review import approve_case, look_at_image, refuse_case

__all__ = [
    "approve_case",
    "carry_out",
    "choose_document",
    "delete_files_of",
    "expire_case",
    "find_owner",
    "find_result",
    "forget_contact",
    "leave_cases",
    "look_at_image",
    "make_result",
    "open_case",
    "prove_phone",
    "refuse_case",
    "send_code",
    "store_image",
    "submit_case",
    "use_result",
    "withdraw_case",
]
