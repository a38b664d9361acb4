"""Errors in Stripe's shape."""

from typing import Any


class ApiProblem(Exception):
    """An answer other than 200: `status` and the body's `error`."""

    def __init__(self, status: int, kind: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error: dict[str, Any] = {"type": kind, "message": message}
        self.error.update({name: value for name, value in details.items() if value is not None})
        self.headers: dict[str, str] = {}

    def body(self) -> dict[str, Any]:
        """Return the body to send."""
        return {"error": self.error}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiProblem:
    """Return the answer to a request that makes no sense."""
    return ApiProblem(400, "invalid_request_error", message, param=param, code=code)


def missing(kind: str, identifier: str, *, param: str = "id", status: int = 404) -> ApiProblem:
    """Return the answer to an id that does not exist; 400 when the id came as a parameter."""
    return ApiProblem(
        status,
        "invalid_request_error",
        f"No such {kind}: '{identifier}'",
        code="resource_missing",
        param=param,
    )
