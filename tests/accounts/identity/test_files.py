"""ACC-12: photographs end with their case and after 72 hours in any case, and the panel can prove it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.identity.models import IdentityCase, IdentityEntry, IdentityImage
from accounts.identity.periodic import drain_identity, drain_identity_files
from accounts.identity.selectors import list_stored_files
from accounts.identity.status import CaseStatus
from manager.schedule import PERIODIC, tick
from tests.factories.identity import REVIEW, make_staff, open_for, photograph, staff_client, submitted
from tests.factories.people import mails, present, register

LIFE = timedelta(hours=72)


def make_old(case: IdentityCase) -> None:
    """Let the case's photographs be 73 hours old, as if nothing had ever looked after them."""
    case.images.update(uploaded_at=present() - timedelta(hours=73))


def make_orphan(case: IdentityCase) -> None:
    """Close the case behind the verbs' back, so that its photographs stay."""
    IdentityCase.objects.filter(pk=case.pk).update(status=CaseStatus.REFUSED, closed_at=present())


class TestDrainIdentity:
    def test_ends_an_unfinished_case_with_its_link(self) -> None:
        """72 hours; the owner is told, the files go."""
        case = photograph(open_for(register()))
        assert drain_identity(at=case.expires_at - timedelta(seconds=1)) == 0
        assert drain_identity(at=case.expires_at) == 1
        case.refresh_from_db()
        assert case.status == CaseStatus.EXPIRED
        assert case.images.count() == 0
        assert "not finished" in mails(template="identity_expired")[0].text

    def test_ends_a_case_that_nobody_reviewed(self) -> None:
        """What we promised holds also where we were late, and we say so."""
        case = submitted()
        drain_identity(at=case.expires_at)
        case.refresh_from_db()
        assert case.status == CaseStatus.EXPIRED
        assert IdentityImage.objects.count() == 0
        assert "did not look at your documents in time" in mails(template="identity_expired")[0].text

    def test_leaves_others_alone(self) -> None:
        """A fresh case goes on."""
        case = submitted()
        assert drain_identity(at=present()) == 0
        assert case.images.count() == 2


class TestDrainIdentityFiles:
    def test_deletes_an_old_file_whatever_its_case_says(self) -> None:
        """A case that should have ended and did not."""
        case = submitted()
        make_old(case)
        assert drain_identity_files(at=present()) == 2
        assert IdentityImage.objects.count() == 0
        assert IdentityEntry.objects.filter(what="files_deleted", case=case).count() == 1

    def test_deletes_an_orphan(self) -> None:
        """A photograph whose case is closed."""
        orphaned, kept = submitted(), submitted()
        make_orphan(orphaned)
        assert drain_identity_files(at=present()) == 2
        assert orphaned.images.count() == 0
        assert kept.images.count() == 2

    def test_deletes_at_72_hours_and_not_before(self) -> None:
        """To the second."""
        case = submitted()
        uploaded = min(case.images.values_list("uploaded_at", flat=True))
        assert drain_identity_files(at=uploaded + LIFE - timedelta(seconds=1)) == 0
        assert drain_identity_files(at=uploaded + LIFE) == 2

    def test_runs_by_itself(self) -> None:
        """The beat does it; nobody has to think of it."""
        assert {"identity", "identity-files"} <= {periodic.name for periodic in PERIODIC}
        case = submitted()
        make_old(case)
        make_orphan(case)
        report = tick(at=present())
        assert report.failed == {}
        assert report.done["identity-files"] == 2

    def test_forgets_what_was_typed_into_old_cases(self) -> None:
        """Half a year later the case says who decided what, and no more."""
        case = submitted(contact="somebody@example.net")
        make_orphan(case)
        drain_identity_files(at=present() + timedelta(days=181))
        case.refresh_from_db()
        assert (case.contact, case.phone) == ("", "")


class TestTheProof:
    def test_lists_what_exists_with_its_age_and_fault(self) -> None:
        """A report that could not see a fault would prove nothing."""
        fine, old, closed = submitted(), submitted(), submitted()
        make_old(old)
        make_orphan(closed)
        faults = {one.case_id: one.fault for one in list_stored_files(at=present())}
        assert faults == {fine.pk: "", old.pk: "old", closed.pk: "closed"}
        assert all(one.size > 1000 for one in list_stored_files(at=present()))

    def test_is_a_command_that_fails_where_a_file_should_be_gone(self) -> None:
        """For the operator's monitoring."""
        case, out = submitted(), StringIO()
        call_command("identity_report", stdout=out)
        assert "2 photographs, 0 that should be gone." in out.getvalue()
        make_old(case)
        with pytest.raises(SystemExit) as ended:
            call_command("identity_report", stdout=out)
        assert ended.value.code == 1
        assert "OLDER THAN 72 HOURS" in out.getvalue()
        drain_identity_files(at=present())
        call_command("identity_report", stdout=StringIO())

    def test_is_a_page_of_the_staff(self) -> None:
        """Red while something is wrong, green otherwise."""
        client, address = staff_client(make_staff(REVIEW)), reverse("accounts:staff_identity_report")
        case = submitted()
        assert "Nothing is older than 72 hours" in client.get(address).content.decode()
        make_orphan(case)
        assert "2 photographs should be gone" in client.get(address).content.decode()

    def test_shows_nothing_stored_where_nothing_is(self) -> None:
        """UI-5"""
        client = staff_client(make_staff(REVIEW))
        assert "Nothing is stored" in client.get(reverse("accounts:staff_identity_report")).content.decode()
