"""The quarantine: the third failure within a day, and the way out (BIL-11)."""

from datetime import UTC, datetime, timedelta

from billing.runs.models import QuarantinedRow
from billing.runs.selectors import find_quarantined
from billing.runs.services import note_failure, release
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from tests.factories.cast import make_person, make_tenant
from tests.factories.members import actor_of

AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def fail(at: datetime, organization_id: int | None = None) -> bool:
    """Let product 7 fail at an instant."""
    return note_failure(
        kind="plan", subject_id=7, organization_id=organization_id, error=ValueError("no price"), at=at
    )


def test_the_third_failure_within_a_day_is_left_out() -> None:
    """A row is left out after three failures within a day; other kinds and subjects are not (BIL-11)."""
    assert [fail(AT), fail(AT + timedelta(hours=1)), fail(AT + timedelta(hours=23))] == [False, False, True]
    assert list(find_quarantined(kind="plan").using("system")) == [7]
    assert list(find_quarantined(kind="charge").using("system")) == []
    assert QuarantinedRow.objects.using("system").get().last_error == "ValueError: no price"


def test_failures_on_different_days_are_not_added_up() -> None:
    """The count begins anew after a day; what is in quarantine stays there."""
    assert [fail(AT + timedelta(hours=25 * number)) for number in range(4)] == [False] * 4
    fail(AT + timedelta(hours=76))
    assert fail(AT + timedelta(hours=77)) is True
    assert fail(AT + timedelta(days=30)) is True
    assert QuarantinedRow.objects.using("system").get().quarantined_at == AT + timedelta(hours=77)


def test_a_released_row_has_three_tries_again_and_the_release_is_audited() -> None:
    """Staff let it be tried again once; the organization's audit log tells it (ORG-16)."""
    owner = make_person()
    organization = make_tenant(owner)
    for hour in range(3):
        fail(AT + timedelta(hours=hour), organization.pk)
    row, actor = QuarantinedRow.objects.using("system").get(), actor_of(owner)
    assert release(row=row, actor=actor, at=AT + timedelta(hours=4)) is True
    assert release(row=row, actor=actor, at=AT + timedelta(hours=4)) is False
    assert list(find_quarantined(kind="plan").using("system")) == []
    with tenant_scope(organization.pk):
        events = AuditEvent.objects.filter(organization_id=organization.pk, name="quarantine.released")
        assert events.get().data["error"] == "ValueError: no price"
    again = [fail(AT + timedelta(hours=5 + hour), organization.pk) for hour in range(3)]
    assert again == [False, False, True]
