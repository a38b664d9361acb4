"""The verbs of the catalogue."""

from products.catalog.services.load import load_catalog

__all__ = ["load_catalog"]
