"""Rights of the back office: given and taken by verbs, told by mail, kept in a journal."""

from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.sessions.staff import list_rights, rights_of
from accounts.staff.models import RightChange
from accounts.staff.services import UnknownRight, grant_staff, withdraw_staff
from accounts.users.models import User
from manager.kit.actor import Actor
from tests.factories.identity import REVIEW, SEE_STAFF, make_staff, staff_client
from tests.factories.people import events_called, mails, present, register

SYSTEM = Actor.system("test")


class TestGrantStaff:
    def test_gives_the_rights_and_tells_the_person(self) -> None:
        """ACC-11"""
        user = make_staff(REVIEW)
        assert rights_of(User.objects.get(pk=user.pk)) == {REVIEW}
        (mail,) = mails(template="staff_granted")
        assert mail.recipient == user.email
        assert "Review identity checks" in mail.text

    def test_adds_to_what_there_is(self) -> None:
        """No right gets lost by another one."""
        user = make_staff(REVIEW)
        grant_staff(user=user, rights=[SEE_STAFF], actor=SYSTEM, at=present())
        assert rights_of(User.objects.get(pk=user.pk)) == {REVIEW, SEE_STAFF}

    def test_does_nothing_twice(self) -> None:
        """One event, one mail."""
        user = make_staff(REVIEW)
        grant_staff(user=user, rights=[REVIEW], actor=SYSTEM, at=present())
        assert len(events_called("staff.granted")) == 1

    @pytest.mark.parametrize("right", ["accounts.everything", "accounts.delete_user", "review_identity", ""])
    def test_refuses_what_is_no_right_of_the_back_office(self, right: str) -> None:
        """Also permissions that Django makes for each table."""
        user = register()
        with pytest.raises(UnknownRight):
            grant_staff(user=user, rights=[right], actor=SYSTEM, at=present())
        assert not User.objects.get(pk=user.pk).is_staff

    def test_is_kept_in_a_journal_that_nobody_changes(self, as_role) -> None:
        """Who gave which right stays known."""
        make_staff(REVIEW)
        assert list(RightChange.objects.values_list("right", "is_given").order_by("pk")) == [
            ("", True),
            (REVIEW, True),
        ]
        with pytest.raises(psycopg.errors.RaiseException):
            as_role("web").execute("DELETE FROM accounts_rightchange")

    def test_knows_a_permission_for_every_right(self) -> None:
        """A named right that the database does not know could never be given."""
        make_staff(*list_rights())


class TestWithdrawStaff:
    def test_takes_everything_and_tells_the_person(self) -> None:
        """ACC-11"""
        user = make_staff(REVIEW)
        withdraw_staff(user=user, actor=SYSTEM, at=present())
        gone = User.objects.get(pk=user.pk)
        assert not gone.is_staff
        assert rights_of(gone) == frozenset()
        assert gone.get_all_permissions() == set()
        assert len(mails(template="staff_withdrawn")) == 1

    def test_does_nothing_to_others(self) -> None:
        """Nobody is told of nothing."""
        withdraw_staff(user=register(), actor=SYSTEM, at=present())
        assert mails(template="staff_withdrawn") == []


class TestTheCommand:
    def test_gives_and_takes(self) -> None:
        """The way of the first member of the staff."""
        user = register()
        call_command("grant_staff", user.email.upper(), REVIEW, stdout=StringIO())
        assert rights_of(User.objects.get(pk=user.pk)) == {REVIEW}
        call_command("grant_staff", user.email, "--withdraw", stdout=StringIO())
        assert not User.objects.get(pk=user.pk).is_staff

    def test_lists_the_rights(self) -> None:
        """Without a person it explains itself."""
        out = StringIO()
        call_command("grant_staff", stdout=out)
        assert REVIEW in out.getvalue()

    @pytest.mark.parametrize("words", [["nobody@example.org", REVIEW], ["PERSON", "accounts.everything"]])
    def test_refuses_strangers_and_unknown_rights(self, words: list[str]) -> None:
        """With a message and the exit code of a failure."""
        words = [register().email if word == "PERSON" else word for word in words]
        with pytest.raises(CommandError):
            call_command("grant_staff", *words, stdout=StringIO())


class TestThePage:
    def test_lists_staff_and_rights_by_search_and_right(self) -> None:
        """Lists have a search and a filter (UI-2)."""
        one, two = make_staff(REVIEW, SEE_STAFF), make_staff()
        client, address = staff_client(one), reverse("accounts:staff")
        everybody = client.get(address).content.decode()
        assert one.email in everybody
        assert two.email in everybody
        assert two.email not in client.get(address, {"right": REVIEW}).content.decode()
        # The words searched for stand in the field: who is found is told by who else is not.
        found = client.get(address, {"q": two.email.partition("@")[0]}).content.decode()
        assert two.email in found
        assert one.email not in found.partition("<main")[2]
        assert "Nobody matches" in client.get(address, {"q": "qwertz"}).content.decode()

    def test_asks_the_database_as_often_for_many_as_for_one(self, query_count) -> None:
        """No query for each row."""
        client = staff_client(make_staff(SEE_STAFF))
        client.get(reverse("accounts:staff"))
        with query_count() as one:
            client.get(reverse("accounts:staff"))
        for _ in range(5):
            make_staff(REVIEW)
        with query_count() as many:
            client.get(reverse("accounts:staff"))
        assert many.count == one.count
