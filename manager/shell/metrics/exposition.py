"""The text format that Prometheus reads: a few lines, written by ourselves."""

from collections.abc import Iterable
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """A gauge: its name, what it says, and its values by labels."""

    name: str
    help: str
    values: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)

    def set(self, value: int, **labels: str) -> "Metric":
        """Give the gauge a value for these labels."""
        self.values[tuple(sorted(labels.items()))] = value
        return self


def write(metrics: Iterable[Metric]) -> str:
    """Return the metrics as text."""
    lines = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} gauge"]
        lines += [f"{metric.name}{_labels(labels)} {value}" for labels, value in metric.values.items()]
    return "\n".join(lines) + "\n"


def _labels(labels: tuple[tuple[str, str], ...]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
