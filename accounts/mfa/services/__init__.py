"""Verbs of the second factor: add, use, rename, remove (ACC-8, ACC-9)."""

from accounts.mfa.services.backup_codes import regenerate_backup_codes, use_backup_code
from accounts.mfa.services.factors import (
    find_device,
    finish_adding_factor,
    finish_removing_factor,
    remove_factor,
    rename_factor,
)
from accounts.mfa.services.guessing import report_guessed_codes
from accounts.mfa.services.refusals import SecondFactorIsOff, TooManyFactors, WrongCode, WrongPassword
from accounts.mfa.services.totp import enable_totp, is_typed_code, start_totp, use_totp

__all__ = [
    "SecondFactorIsOff",
    "TooManyFactors",
    "WrongCode",
    "WrongPassword",
    "enable_totp",
    "find_device",
    "finish_adding_factor",
    "finish_removing_factor",
    "is_typed_code",
    "regenerate_backup_codes",
    "remove_factor",
    "rename_factor",
    "report_guessed_codes",
    "start_totp",
    "use_backup_code",
    "use_totp",
]
