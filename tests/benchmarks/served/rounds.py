"""Pages asked for in interleaved rounds: what is compared are ratios within one run."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.served.servers import Server, processor_times, steal_percent

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of a server, who asks for it, and how often in a round."""

    server: Server
    path: str
    headers: dict[str, str]
    count: int


def compare(
    asked: dict[str, Asked], pairs: list[tuple[str, str]], record_property: Callable[[str, object], None]
) -> dict[tuple[str, str], float]:
    """Ask in interleaved rounds; return by pair the median over the rounds of the ratio of their medians."""
    rounds: list[dict[str, float]] = []
    computed: dict[str, list[float]] = {name: [] for name in asked}
    for one in asked.values():
        one.server.time(one.path, one.headers, 3)
    for number in range(ROUNDS):
        before, took = processor_times(), {}
        for name, one in asked.items():
            start = one.server.cpu_seconds()
            took[name] = median(one.server.time(one.path, one.headers, one.count))
            computed[name].append((one.server.cpu_seconds() - start) * 1000 / (one.count + 2))
        rounds.append(took)
        print(f"round {number + 1}: {steal_percent(before, processor_times()):.0f} % of the machine stolen")
    for name in asked:
        took_ms = median(times[name] for times in rounds) * 1000
        print(f"{name:28} p50 {took_ms:6.1f} ms   computing {median(computed[name]):6.1f} ms")
    ratios = {}
    for name, base in pairs:
        ratios[name, base] = ratio = median(times[name] / times[base] for times in rounds)
        record_property(f"{name} / {base}", round(ratio, 2))
        print(f"{name + ' / ' + base:36} {ratio:.2f}")
    return ratios
