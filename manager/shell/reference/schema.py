"""How the OpenAPI document is made of the operations: one version, names without collisions, our envelope."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import is_serializer
from drf_spectacular.utils import OpenApiParameter

from manager.kit.listing import Listing
from manager.shell.reference import money  # noqa: F401  # known to the library once it is imported
from manager.shell.reference.lists import PLACES, describe_listing

VERSION_PREFIX = "/api/1/"
ENVELOPED = "application/json"
Schema = dict[str, Any]
Endpoint = tuple[str, str, str, Any]

# Work that is only started answers so.
RESULTS = {"202": "asynchronous"}
ERROR: Schema = {
    "type": "object",
    "description": "A refusal. `code` is for scripts, `description` for people, `context` names fields.",
    "required": ["result", "error"],
    "properties": {
        "result": {"type": "string", "const": "error"},
        "error": {
            "type": "object",
            "required": ["code", "description", "context"],
            "properties": {
                "code": {"type": "string"},
                "description": {"type": "string"},
                "context": {"type": "object", "additionalProperties": {}},
            },
        },
    },
}


def keep_numbered_version(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Return the operations under `/api/1/` only: the same ones without a number are the latest version."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(VERSION_PREFIX)]


# What each status means; where one can come is said by `_refusals_of`.
REFUSALS = {
    "400": "The request was not understood: its JSON, a cursor, or a value out of range.",
    "401": "No token was sent, or one that does not count any more.",
    "403": "The token lacks the scope, or its person the right.",
    "404": "It does not exist, or not for this person.",
    "405": "The method is not offered.",
    "406": "The answer is not offered in the form asked for.",
    "409": "It is not possible as things are now.",
    "410": "It has ended, or the organization was deleted.",
    "413": "The body is too large.",
    "415": "The body is in a form that is not offered.",
    "422": "A value is refused; `context.fields` tells which.",
    "429": "Too many requests; `Retry-After` tells when to come back.",
    "502": "The payment provider did not answer as it should.",
    "503": "It is not possible for the moment.",
}
OPEN_TO_ALL = frozenset({"400", "405", "406", "422", "429", "503"})
OF_BODIES = frozenset({"413", "415"})
OF_THE_PROVIDER = frozenset({"502"})
READS = frozenset({"get", "head", "options"})


def describe_errors(result: Schema, **_more: Any) -> Schema:
    """Add the one shape of refusals to the document, and to each operation the statuses that it can have."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            answers = operation["responses"]
            for status in _refusals_of(method, is_public=not operation.get("security")):
                answers.setdefault(status, {"description": REFUSALS[status], "content": content})
    return result


def _refusals_of(method: str, *, is_public: bool) -> list[str]:
    found = OPEN_TO_ALL if is_public else set(REFUSALS) - OF_BODIES - OF_THE_PROVIDER
    return sorted(found if method in READS else {*found, *OF_BODIES, *OF_THE_PROVIDER})


class OperationSchema(AutoSchema):
    """Describes an operation of the house."""

    def get_tags(self) -> list[str]:
        """Group the operations by what stands after the organization in their paths."""
        parts = [part for part in self._tokenize_path() if part != "organizations"]
        return parts[:1] or ["organizations"]

    def get_summary(self) -> str:
        """Return the first sentence of what the operation says of itself."""
        return str(self.get_description()).partition("\n")[0].partition(";")[0].rstrip(".")

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Every operation asks for a token."""
        return [{"token": []}]

    def get_serializer_name(self, serializer: Any, direction: str) -> str:
        """Name a nested serializer after its operation: `TokenList.Output` becomes `TokenListOutput`."""
        return str(type(serializer).__qualname__.replace(".", ""))

    def get_override_parameters(self) -> list[Any]:
        """Name what a list can be asked for (API-1)."""
        listing = self._listing()
        return describe_listing(self, listing) if listing is not None else []

    def _listing(self) -> Listing | None:
        return getattr(self.view, "listing", None) if self.method == "GET" else None

    def _resolve_path_parameters(self, variables: list[str]) -> list[Schema]:
        others = [variable for variable in variables if variable != "organization"]
        typed: list[Schema] = super()._resolve_path_parameters(others)  # type: ignore[no-untyped-call]  # the library has no types here
        if "organization" not in variables:
            return typed
        organization: Schema = {
            "name": "organization",
            "in": OpenApiParameter.PATH,
            "required": True,
            "schema": {"type": "string", "pattern": r"^(\d{1,19}|current)$"},
            "description": "An organization's id, or `current`: the token's own one, else the last used.",
        }
        return [organization, *typed]

    def _get_response_bodies(self, *args: Any, **kwargs: Any) -> Schema:
        """Return what is answered; a removal answers 200 as well, with what it says."""
        said = self.get_response_serializers()
        if self.method == "DELETE" and is_serializer(said):
            return {"200": self._get_response_for_code(said, "200", *args, **kwargs)}
        bodies: Schema = super()._get_response_bodies(*args, **kwargs)
        return bodies

    def _get_response_for_code(self, serializer: Any, status_code: str, *args: Any, **kwargs: Any) -> Schema:
        response: Schema = super()._get_response_for_code(  # type: ignore[no-untyped-call]  # the library has no types here
            serializer, status_code, *args, **kwargs
        )
        if not serializer:  # without words of its own it answers in the envelope all the same
            response = {"content": {ENVELOPED: {"schema": {"type": "null"}}}, "description": ""}
        media = response.get("content", {}).get(ENVELOPED)
        if media and "schema" in media:
            if getattr(serializer, "allow_null", False):
                media["schema"] = {"oneOf": [media["schema"], {"type": "null"}]}
            media["schema"] = {
                "type": "object",
                "required": ["result", "data"],
                "properties": {
                    "result": {"type": "string", "const": RESULTS.get(status_code, "success")},
                    "data": media["schema"],
                    **(PLACES if self._listing() is not None else {}),
                },
            }
        return response
