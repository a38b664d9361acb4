"""A walk over everything that can be read: nothing that a person is shown stays in a cache (INC-33)."""

from tests.hostile.keys import STEPS
from tests.hostile.sender import Sender
from tests.isolation.expectations import PAGES, PERSONAL, PUBLIC, STAFF


def test_answers_to_who_is_signed_in_are_in_no_cache(sender: Sender) -> None:
    """INC-33: pages, redirects, refusals, fragments, files and documents, of every kind of route."""
    shown = 0
    for route in sender.routes.values():
        lines = (PAGES.get(route.name, {}), PERSONAL.get(route.name, ()), PUBLIC.get(route.name, {}))
        if not any("GET" in line for line in (*lines, STAFF.get(route.name, {}).get("methods", ()))):
            continue
        who = {"staff": "staff", "secured": "secured"}.get(STEPS.get(route.name, ""), "LR+")
        path = sender.path(route)
        for fragment in ("false", "true"):
            answer = sender.send("GET", path, who=who, HTTP_HX_REQUEST=fragment)
            vary = {part.strip() for part in answer.headers.get("Vary", "").split(",")}
            kept = answer.headers.get("Cache-Control")
            ok = kept == "no-store, private" and {"Cookie", "HX-Request"} <= vary
            sender.report.judge(ok, f"{who} {route.name}: {answer.status_code} {kept}, Vary {sorted(vary)}")
            shown += answer.status_code == 200
    sender.report.close("caches", at_least=300)
    assert shown > 200
