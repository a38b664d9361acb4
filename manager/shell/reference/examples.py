"""Examples in the OpenAPI document: of each request, each answer and each refusal (API-4).

They are made of the schemas, with values by the names of the fields (`example_values`), so that an operation
has its examples as soon as it is described, and they cannot contradict the schema.
"""

from typing import Any

from manager.shell.reference.example_values import (
    AMOUNTS,
    CURRENCY,
    DAY,
    EMAIL,
    FALSE,
    LATER,
    LEFT_OUT,
    MOSTLY_NULL,
    NAMED,
    PAGE,
    PLACED,
    PRICE,
    REFUSALS,
    SECOND,
    SOME_ID,
    YEAR_LATER,
)

Schema = dict[str, Any]
JSON = "application/json"
_FORMATS = {
    "date-time": SECOND,
    "date": DAY,
    "email": EMAIL,
    "uri": PAGE,
    "uuid": "0b9f4c1e-8d4a-4b52-9f57-2d0f3f1f5f8e",
}
_MONEY = "Money"
_DEEPEST = 12


def show_examples(result: Schema, **_more: Any) -> Schema:
    """Give each operation an example of its body and of its answers; refusals share one for each status."""
    components = result.setdefault("components", {})
    schemas = components.get("schemas", {})
    components["examples"] = {f"Refusal{status}": _refusal(status) for status in REFUSALS}
    writer = Writer(schemas)
    for operations in result.get("paths", {}).values():
        for operation in operations.values():
            _show(operation, writer)
    return result


def _show(operation: Schema, writer: "Writer") -> None:
    body = operation.get("requestBody", {}).get("content", {}).get(JSON)
    if body is not None:
        body["example"] = writer.write(body["schema"])
    # What was made (201) before what a try of it answers (200), which says the same.
    for status, answer in sorted(operation["responses"].items(), reverse=True):
        media = answer.get("content", {}).get(JSON)
        if media is None:
            continue
        if status in REFUSALS:
            shared = {"$ref": f"#/components/examples/Refusal{status}"}
            answer["content"] = {JSON: {**media, "examples": {"refusal": shared}}}
        else:
            media["example"] = writer.write(media["schema"])
            made = operation["responses"].get("201", {}).get("content", {}).get(JSON, {}).get("example")
            if status == "200" and made and "dry_run" in media["example"]:
                media["example"]["data"] = made["data"]


def _refusal(status: str) -> Schema:
    code, description, context = REFUSALS[status]
    error = {"code": code, "description": description, "context": context}
    return {"summary": code, "value": {"result": "error", "error": error}}


class Writer:
    """Writes the example of a schema of the document, whose components are `schemas`."""

    def __init__(self, schemas: dict[str, Schema]) -> None:
        self.schemas = schemas

    def write(self, schema: Schema, name: str = "", owner: str = "", depth: int = 0) -> Any:
        """Return a value of `schema`, which the field `name` of the component `owner` takes."""
        if "$ref" in schema:
            owner = schema["$ref"].rpartition("/")[2]
            if owner == _MONEY:
                return {"amount": amount_of(name), "currency": CURRENCY}
            return self.write(self.schemas[owner], name, owner, depth)
        choices = schema.get("allOf") or schema.get("oneOf") or schema.get("anyOf")
        if choices:
            return self._choose(choices, name, owner, depth)
        kind = _kind_of(schema, name)
        if kind == "object":
            return self._object(schema, owner, depth)
        if kind == "array":
            rows = 0 if depth > _DEEPEST else max(1, schema.get("minItems", 0))
            return [self.write(schema["items"], name, owner, depth + 1) for _row in range(rows)]
        return _plain(kind, schema, name, owner)

    def _choose(self, choices: list[Schema], name: str, owner: str, depth: int) -> Any:
        can_be_null = len(choices) > 1 and {"type": "null"} in choices
        if can_be_null and (_is_mostly_null(name) or PLACED.get((owner, name), "") is None):
            return None
        told = [one for one in choices if one != {"type": "null"} and one.get("enum") not in ([""], [None])]
        return self.write(told[0], name, owner, depth)

    def _object(self, schema: Schema, owner: str, depth: int) -> dict[str, Any]:
        fields = schema.get("properties", {})
        return {
            field: self.write(told, field, owner, depth + 1)
            for field, told in fields.items()
            if (owner, field) not in LEFT_OUT and (depth <= _DEEPEST or field in schema.get("required", ()))
        }


def amount_of(name: str) -> int:
    """Return how much a field of money says, in minor units."""
    for part, amount in AMOUNTS.items():
        if name.startswith(part):
            return amount
    return PRICE


def _kind_of(schema: Schema, name: str) -> str:
    """Return what an example is to be: a type of JSON, `const`, or `enum`."""
    if "const" in schema:
        return "const"
    kinds = schema.get("type", "object" if "properties" in schema else "any")
    several = kinds if isinstance(kinds, list) else [kinds]
    if "null" in several and _is_mostly_null(name):
        return "null"
    return "enum" if "enum" in schema else next((kind for kind in several if kind != "null"), "null")


def _plain(kind: str, schema: Schema, name: str, owner: str) -> Any:
    """Return a value that is no object and no list."""
    given = _named(name, owner)
    if kind == "const":
        value = schema["const"]
    elif kind == "enum":
        value = _among(schema["enum"], given)
    elif kind == "boolean":
        value = bool(schema.get("default", name not in FALSE))
    elif kind in {"integer", "number"}:
        number: int = given if type(given) is int else schema.get("default") or SOME_ID
        value = max(schema.get("minimum", number), min(schema.get("maximum", number), number))
    elif kind == "string":
        value = _text(schema, name, given)
    else:
        value = None if kind == "null" else {}
    return value


def _text(schema: Schema, name: str, given: Any) -> str:
    form = schema.get("format", "")
    if form in {"date", "date-time"}:
        is_later = name.startswith(LATER) or name.endswith(LATER)
        day = given if isinstance(given, str) and len(given) == len(DAY) and given[:2] == "20" else DAY
        day = YEAR_LATER if is_later else day
        return day if form == "date" else SECOND.replace(DAY, day)
    fits = isinstance(given, str) and (form != "email" or "@" in given) and (form != "uri" or ":" in given)
    text = given if fits else _FORMATS.get(form, name.replace("_", " ").capitalize())
    return str(text)[: schema.get("maxLength")].ljust(schema.get("minLength", 0), "x")


def _named(name: str, owner: str) -> Any:
    placed = [
        part for part, field in PLACED if field == name and owner.removeprefix("Patched").startswith(part)
    ]
    return PLACED[max(placed, key=len), name] if placed else NAMED.get(name)


def _among(choices: list[Any], given: Any) -> Any:
    return given if given in choices else next(choice for choice in [*choices, None] if choice != "")


def _is_mostly_null(name: str) -> bool:
    return name.startswith(MOSTLY_NULL) or (name in NAMED and NAMED[name] is None)
