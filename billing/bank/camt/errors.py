"""Why a file is no bank statement that can be read; nothing of it is kept."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class StatementInvalid(DomainError):
    """The file is broken, hostile, or lacks what a statement has to say; `message` says where."""

    code = "statement_invalid"
    status = 422
    field = "files"
    message = _("This is not a complete bank statement.")


class FileEmpty(StatementInvalid):
    """There is nothing in the file."""

    code = "statement_empty"
    message = _("The file is empty.")


class FileTooLarge(StatementInvalid):
    """The file is larger than any statement of ours."""

    code = "statement_too_large"
    message = _("The file is larger than 10 MB. Please ask the bank for shorter periods.")


class VersionUnknown(StatementInvalid):
    """The XML is of another message or version."""

    code = "statement_version_unknown"
    message = _("Only camt.053 and camt.054 in the versions 02, 04 and 08 can be read.")
