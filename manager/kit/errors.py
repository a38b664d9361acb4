"""Errors of the domain: what a person did that cannot be done, with a code for scripts."""

from typing import Any

from django.utils.functional import Promise

Text = str | Promise


class DomainError(Exception):
    """A refusal with a stable `code`, a translated `message` and an HTTP `status`.

    Verbs raise subclasses that stand beside them. `context` is shown to API clients; `field` names
    the form field that the message belongs to, if any.
    """

    code = "refused"
    status = 409
    message: Text = ""
    field: str | None = None

    def __init__(self, message: Text | None = None, *, field: str | None = None, **context: Any) -> None:
        self.message = message if message is not None else type(self).message
        self.field = field or type(self).field
        self.context = context
        super().__init__(str(self.code))

    def __str__(self) -> str:
        return str(self.message or self.code)


def constraint_of(error: Exception) -> str:
    """Return the name of the constraint by which the database refused a row, "" where it names none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


class NotFound(DomainError):
    """The object does not exist, or not for this actor: strangers cannot tell which."""

    code = "object_not_found"
    status = 404


class IllegalTransition(DomainError):
    """The transition table does not allow this step."""

    code = "illegal_transition"
    status = 409
