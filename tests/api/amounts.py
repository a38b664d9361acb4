"""Whole numbers in the document and in answers: each is known to be no money, or stands in an amount."""

from collections.abc import Iterator
from typing import Any

MONEY = {"$ref": "#/components/schemas/Money"}
# What counts, measures, dates or names. A whole number of any other name is taken for a bare amount.
NUMBERS = frozenset({
    "actor_id", "added", "address", "answered", "auto_method", "backup_codes_left", "billing_address",
    "broken_at", "changed", "choices", "cooling_off_days", "count", "delay_seconds", "done", "ended",
    "expiry_month",
    "expiry_year", "grace_days", "grant", "id", "included", "invoices", "keep", "mailbox", "maximum",
    "member", "members", "method", "milliseconds", "minimum", "months", "number", "options",
    "payment_method", "people", "position", "priority", "product", "quantity", "quota_gb",
    "redemption_days", "refused", "removed", "renewals", "requests", "sealed", "serial", "size", "status",
    "step", "tag", "tax_rate", "team", "teams", "trial_months", "tries", "ttl", "unpriced", "version",
    "waiting",
})  # fmt: skip
# Names that could be money elsewhere.
PLACED = frozenset({"ArchiveOutput.total", "archives.total", "StepsOutput.total", "tasks.total"})
# The places of a page stand beside `data`.
ENVELOPE = frozenset({"total", "page", "pages", "items_per_page"})
# The audit log shows what was written down, as its seals prove it; tells its facts in the words of its time.
RECORDED = frozenset({"audit.data"})


def is_number(name: str, place: str) -> bool:
    """Return whether a whole number of this name is known to be no money."""
    return name in NUMBERS or name.endswith(("_id", "_ids")) or f"{place}.{name}" in PLACED


def bare_in_document(document: dict[str, Any]) -> list[str]:
    """Return the whole numbers of the document that could be money, by component or operation and name."""
    schemas = document["components"]["schemas"]
    found = [spot for name, schema in schemas.items() if name != "Money" for spot in _bare(schema, name, "")]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for part in [operation.get("requestBody", {}), *operation["responses"].values()]:
                for media in part.get("content", {}).values():
                    found += _bare(media.get("schema", {}), f"{method} {path}", "")
    return sorted(set(found))


def _bare(schema: Any, place: str, name: str) -> Iterator[str]:
    """Walk a schema down; `name` is the property that it describes."""
    if not isinstance(schema, dict):
        return
    kinds = schema.get("type", ())
    is_whole = {"integer", "number"} & ({kinds} if isinstance(kinds, str) else set(kinds))
    in_envelope = "/" in place and name in ENVELOPE
    if is_whole and name and not in_envelope and not is_number(name, place):
        yield f"{place}.{name}"
    for key, inner in schema.get("properties", {}).items():
        yield from _bare(inner, place, key)
    for inner in (schema.get("items"), schema.get("additionalProperties")):
        yield from _bare(inner, place, name)
    for kind in ("oneOf", "anyOf", "allOf"):
        for inner in schema.get(kind, ()):
            yield from _bare(inner, place, name)


def bare_in_answer(value: Any, place: str, name: str = "id") -> list[str]:
    """Return the whole numbers of an answer's data that could be money, with amounts that are malformed."""
    if f"{place}.{name}" in RECORDED or (name == "options" and isinstance(value, dict)):
        return []
    if isinstance(value, dict):
        if value.keys() == {"amount", "currency"}:
            is_amount = type(value["amount"]) is int and value["currency"] in {"CHF", "EUR"}
            return [] if is_amount else [f"{place}.{name}: {value}"]
        return [spot for key, inner in value.items() for spot in bare_in_answer(inner, place, key)]
    if isinstance(value, list):
        return [spot for inner in value for spot in bare_in_answer(inner, place, name)]
    is_bare = type(value) in {int, float} and not is_number(name, place)
    return [f"{place}.{name}"] if is_bare else []
