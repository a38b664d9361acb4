"""What changes of a service's details in the data centre on paper, told by the module of its kind."""

from collections.abc import Callable, Mapping
from typing import Any

from products.provisioning.protocol import Job

# The job, the operation or action, and its parameters -> the details that it changes.
Paper = Callable[[Job, str, Mapping[str, Any]], Mapping[str, Any]]

_papers: dict[str, Paper] = {}


def register_paper(kind: str, paper: Paper) -> None:
    """Let the local driver ask `paper` for services of this kind; called at start-up."""
    _papers[kind] = paper


def on_paper(job: Job, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details that the operation changes; none where no module tells."""
    paper = _papers.get(job.kind)
    return dict(paper(job, operation, parameters)) if paper else {}
