"""Bring the table of VAT rates to what `rates.yaml` says."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

RATES = Path(__file__).with_name("rates.yaml")
REGIONS = Path(__file__).with_name("regions.yaml")


def read_rates(text: str) -> list[dict[str, Any]]:
    """Return a rates file as rows: country, rate in basis points, first and last day (None: open)."""
    rows = []
    for country, by_day in yaml.safe_load(text).items():
        days: list[date] = sorted(by_day)
        for day, following in zip(days, [*days[1:], None], strict=True):
            until = following - timedelta(days=1) if following else None
            rate = int(Decimal(by_day[day]) * 100)
            rows.append({"country": country, "valid_from": day, "valid_until": until, "rate": rate})
    return rows


def load_rates(model: Any, *, using: str, path: Path = RATES) -> int:
    """Write the rows of a rates file into `model`'s table, closing older rates first; return how many.

    Takes the model, as a migration has one of its own. From then on staff keep the rates.
    """
    rows = read_rates(path.read_text(encoding="utf-8"))
    for row in sorted(rows, key=lambda row: row["valid_until"] is None):
        model.objects.using(using).update_or_create(
            country=row["country"],
            valid_from=row["valid_from"],
            defaults={"rate": row["rate"], "valid_until": row["valid_until"]},
        )
    return len(rows)
