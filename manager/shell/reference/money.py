"""How the document describes amounts: by one component, in answers and in requests (API-1)."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension


class MoneySchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # the library has no types here
    """Describes every amount alike, so that one which was read can be sent."""

    target_class = "manager.kit.money_field.MoneyField"

    def get_name(self) -> str:
        """Return the name of the component."""
        return "Money"

    def map_serializer_field(self, _auto_schema: Any, _direction: str) -> dict[str, Any]:
        """Return whole minor units with their currency."""
        return {
            "type": "object",
            "description": "An amount in whole minor units (Rappen, cents), with its ISO 4217 currency.",
            "required": ["amount", "currency"],
            "properties": {
                "amount": {"type": "integer", "format": "int64", "examples": [1990]},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["CHF"]},
            },
            "additionalProperties": False,
        }
