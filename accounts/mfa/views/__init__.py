"""Pages of the second factor: at sign-in, as fresh proof, and in the settings."""

from accounts.mfa.views.backup_codes import backup_codes
from accounts.mfa.views.factors import factor_remove, factor_rename
from accounts.mfa.views.prove import prove
from accounts.mfa.views.second_step import second_step, ways
from accounts.mfa.views.totp import totp_enable

__all__ = ["backup_codes", "factor_remove", "factor_rename", "prove", "second_step", "totp_enable", "ways"]
