"""ACC-12: the staff's pages: list with filter and search, photographs beside the data, decision."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.identity.models import IdentityCase, IdentityEntry
from accounts.identity.status import CaseStatus, Reason
from tests.factories.identity import REVIEW, make_staff, open_for, staff_client, submitted
from tests.factories.people import mails, present, register

LIST = "/staff/identity/"


def address(name: str, case: IdentityCase, *args: str) -> str:
    return reverse(f"accounts:staff_identity_{name}", args=[case.pk, *args])


@pytest.fixture
def client():
    """Return a browser of a member of the staff who may review."""
    return staff_client(make_staff(REVIEW))


class TestTheList:
    def test_shows_what_waits_for_review_first(self, client) -> None:
        """The work, not the archive."""
        waiting, begun = submitted(), open_for(register())
        text = client.get(LIST).content.decode()
        assert address("case", waiting) in text
        assert address("case", begun) not in text
        assert address("case", begun) in client.get(LIST, {"status": "all"}).content.decode()

    def test_finds_by_words_and_reason(self, client) -> None:
        """UI-2"""
        one = submitted(register(first_name="Zora"), Reason.LOST_FACTOR)
        two = submitted(register(), Reason.LOST_PASSWORD)
        for query in ({"q": "zora"}, {"reason": "lost_factor"}, {"q": str(one.user.email)}):
            text = client.get(LIST, query).content.decode()
            assert address("case", one) in text, query
            assert address("case", two) not in text, query

    def test_marks_what_waits_for_more_than_a_day(self, client) -> None:
        """Nobody is forgotten."""
        case = submitted()
        assert "Overdue" not in client.get(LIST).content.decode()
        IdentityCase.objects.filter(pk=case.pk).update(submitted_at=present() - timedelta(hours=25))
        assert "Overdue" in client.get(LIST).content.decode()
        assert "1 for more than a day" in client.get("/staff/").content.decode()

    def test_says_when_nothing_waits_and_when_nothing_matches(self, client) -> None:
        """UI-5"""
        assert "Nothing to review" in client.get(LIST).content.decode()
        assert "No check matches" in client.get(LIST, {"q": "qwertz"}).content.decode()

    def test_asks_the_database_as_often_for_many_as_for_one(self, client, query_count) -> None:
        """No query for each row; pages by key."""
        submitted()
        client.get(LIST)
        with query_count() as one:
            client.get(LIST)
        for _ in range(27):
            IdentityCase.objects.create(
                user=register(),
                reason=Reason.ASKED,
                status=CaseStatus.SUBMITTED,
                token_hash=str(register().pk),
                opened_at=present(),
                submitted_at=present(),
                expires_at=present() + timedelta(hours=72),
            )
        with query_count() as many:
            text = client.get(LIST).content.decode()
        assert many.count == one.count
        assert "after=" in text

    def test_takes_no_filter_that_it_does_not_know(self, client) -> None:
        """INC-34"""
        for query in ({"status": "x"}, {"reason": "'"}, {"q": "\x00"}, {"q": "a" * 5000}):
            assert client.get(LIST, query).status_code == 200


class TestTheCase:
    def test_shows_photographs_beside_the_data(self, client) -> None:
        """What is compared stands together."""
        owner = register(first_name="Zora", phone="+41791234567")
        case = submitted(owner)
        text = client.get(address("case", case)).content.decode()
        for part in ("Zora", owner.email, "As in the account", address("image", case, "selfie")):
            assert part in text

    def test_gives_a_photograph_that_no_cache_keeps(self, client) -> None:
        """No store, no script, noted."""
        case = submitted()
        answer = client.get(address("image", case, "selfie"))
        assert answer["Content-Type"] == "image/jpeg"
        assert answer.content[:2] == b"\xff\xd8"
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert IdentityEntry.objects.filter(what="image_viewed").count() == 1

    def test_is_approved_with_a_click(self, client) -> None:
        """The photographs are gone on the next page."""
        case = submitted()
        assert client.post(address("approve", case)).status_code == 302
        case.refresh_from_db()
        assert case.status == CaseStatus.APPROVED
        text = client.get(address("case", case)).content.decode()
        assert address("image", case, "selfie") not in text
        assert client.get(address("image", case, "selfie")).status_code == 404

    def test_tells_who_came_too_late(self, client) -> None:
        """Of two, one wins; the other is told, not shown a mistake."""
        case = submitted()
        client.post(address("approve", case))
        answer = client.post(address("approve", case))
        assert answer.status_code == 409
        assert "Not decided" in answer.content.decode()
        assert client.post(address("refuse", case), {"refusal": "other"}).status_code == 409

    def test_asks_whose_account_it_is(self, client) -> None:
        """ACC-7"""
        one = register(phone="+41791110096")
        register(phone="+41791110096")
        case = submitted(contact="+41791110096")
        assert one.email in client.get(address("case", case)).content.decode()
        assert client.post(address("approve", case)).status_code == 422
        assert client.post(address("approve", case), {"user": "x"}).status_code == 422
        assert client.post(address("approve", case), {"user": one.pk}).status_code == 302

    def test_is_refused_with_a_reason(self, client) -> None:
        """Without one the page comes back."""
        case = submitted()
        assert client.get(address("refuse", case)).status_code == 200
        assert client.post(address("refuse", case), {}).status_code == 422
        fields = {"refusal": "unreadable", "note": "Too dark."}
        assert client.post(address("refuse", case), fields).status_code == 302
        assert "Too dark." in client.get(address("case", case)).content.decode()

    def test_cannot_be_decided_by_its_own_person(self) -> None:
        """Greyed with the reason, and refused all the same (UI-6)."""
        staff = make_staff(REVIEW)
        client, case = staff_client(staff), submitted(staff)
        assert (
            "You cannot decide your own identity check." in client.get(address("case", case)).content.decode()
        )
        assert client.post(address("approve", case)).status_code == 403
        assert client.post(address("refuse", case), {"refusal": "other"}).status_code == 403

    def test_is_stopped_at_the_owners_wish(self, client) -> None:
        """By telephone, for who cannot sign in."""
        case = submitted()
        assert client.get(address("stop", case)).status_code == 200
        assert client.post(address("stop", case)).status_code == 302
        assert client.post(address("stop", case)).status_code == 409


class TestAsking:
    def test_mails_the_link_to_the_person(self, client) -> None:
        """Staff ask for a held order, or for another reason."""
        owner = register()
        fields = {"email": owner.email, "reason": "asked"}
        answer = client.post(reverse("accounts:staff_identity_ask"), fields)
        assert answer.status_code == 302
        assert [mail.recipient for mail in mails(template="identity_requested")] == [owner.email]

    def test_refuses_an_unknown_login(self, client) -> None:
        """Staff may know that it is nobody's."""
        fields = {"email": "nobody@example.net", "reason": "asked"}
        answer = client.post(reverse("accounts:staff_identity_ask"), fields)
        assert answer.status_code == 422
        assert "Nobody signs in with this address." in answer.content.decode()
