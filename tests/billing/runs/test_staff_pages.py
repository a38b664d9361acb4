"""The back office's pages of the runs and of the quarantine."""

from datetime import UTC, datetime, timedelta

from billing.runs.models import QuarantinedRow, RunKind
from billing.runs.rights import FOLLOW_RUNS
from billing.runs.selectors import find_quarantined
from billing.runs.services import count, finish_run, note_failure, start_run
from tests.factories.billing import make_invoice
from tests.factories.cast import make_person, make_tenant
from tests.factories.identity import make_staff, staff_client
from tests.factories.products import make_product

AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def get(client, path: str, **query: str) -> str:
    """Return the page's text."""
    answer = client.get(path, query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_a_run_is_followed_from_its_progress_to_its_report() -> None:
    """A run shows how far it is and asks again by itself; ended, it shows its report."""
    client = staff_client(make_staff(FOLLOW_RUNS))
    now = datetime.now(UTC)
    run = start_run(kind=RunKind.CHARGING, total=200, at=now)
    count(run=run, charged=149, failed=1, money={"CHF": 123_45}, reasons={"lost_card": 1})
    for path in ("/staff/runs/", f"/staff/runs/{run.pk}/"):
        page = get(client, path)
        assert "150 of 200" in page
        assert "hx-trigger=" in page
        assert '<noscript><meta http-equiv="refresh"' in page
    finish_run(run=run, at=now)
    page = get(client, f"/staff/runs/{run.pk}/")
    assert "hx-trigger" not in page
    assert "CHF" in page
    assert "123.45" in page
    assert "lost_card" in page
    assert "The bank does not accept this card any more." in page


def test_the_list_is_filtered_by_kind_state_and_day(query_count) -> None:
    """The filters tell runs apart; the number of queries does not grow with the runs."""
    client = staff_client(make_staff(FOLLOW_RUNS))
    failed = start_run(kind=RunKind.PLANNING, total=None, at=AT)
    finish_run(run=failed, at=AT, error="RuntimeError: no disk")
    start_run(kind=RunKind.REMINDERS, total=None, at=AT + timedelta(days=3))
    link = f'href="/staff/runs/{failed.pk}/"'
    rows = {
        name: link in get(client, "/staff/runs/", **query).partition("<table")[2]
        for name, query in {
            "kind": {"kind": "planning"},
            "other kind": {"kind": "charging"},
            "state": {"state": "failed"},
            "other state": {"state": "ended"},
            "day": {"since": "2026-03-01", "until": "2026-03-01"},
            "other day": {"since": "2026-03-02"},
            "nonsense": {"since": "x", "kind": "y"},
        }.items()
    }
    assert rows == {
        "kind": True,
        "other kind": False,
        "state": True,
        "other state": False,
        "day": True,
        "other day": False,
        "nonsense": True,
    }
    assert "/staff/runs/" in get(client, "/staff/runs/", state="broken_off")
    with query_count() as few:
        get(client, "/staff/runs/")
    for _ in range(20):
        start_run(kind=RunKind.PLANNING, total=None, at=AT)
    with query_count() as many:
        get(client, "/staff/runs/")
    assert many.count == few.count


def test_staff_let_rows_out_of_the_quarantine() -> None:
    """The quarantine names subject, organization and error; the selected rows are tried again."""
    client = staff_client(make_staff(FOLLOW_RUNS))
    organization = make_tenant(make_person(), name="Weber AG")
    product = make_product(organization, name="weber.example")
    invoice = make_invoice(organization)
    for kind, subject in (("plan", product.pk), ("charge", invoice.pk)):
        for _ in range(3):
            note_failure(
                kind=kind, subject_id=subject, organization_id=organization.pk, error="no <price>", at=AT
            )
    page = get(client, "/staff/quarantine/")
    for text in (
        "weber.example",
        "Weber AG",
        "no &lt;price&gt;",
        f"Product {product.pk}",
    ):
        assert text in page
    # Staff are no members: a link into the organization would lead nowhere.
    assert f"/o/{organization.pk}/" not in page
    assert "weber.example" not in get(client, "/staff/quarantine/", kind="charge")
    ids = list(QuarantinedRow.objects.using("system").values_list("pk", flat=True))
    sent = client.post("/staff/quarantine/release/", {"selected": [*ids, "x"]}, follow=True)
    assert "The next run tries 2 rows again." in sent.content.decode()
    assert not find_quarantined(kind="plan").using("system").exists()
    assert "weber.example" in get(client, "/staff/quarantine/", state="released")


def test_strangers_and_staff_without_the_right_stay_outside() -> None:
    """The pages need the right; who is no staff gets the answer of a missing page."""
    assert staff_client(make_staff()).get("/staff/runs/").status_code == 403
