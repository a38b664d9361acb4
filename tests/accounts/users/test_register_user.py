"""Registering a person (ACC-1)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accounts.users.models import User
from accounts.users.services import WeakPassword, register_user
from tests.factories.people import (
    PASSWORD,
    browser,
    events_called,
    give_password,
    mails,
    present,
    register,
    visitor,
)


def register_again(email: str) -> User | None:
    return register_user(
        email=email, first_name="Eve", last_name="Doe", password=PASSWORD, actor=visitor(), at=present()
    )


class TestRegisterUser:
    """`register_user` makes one person per address."""

    def test_makes_a_person_and_mails_a_link(self):
        """ACC-1: the address is to be confirmed."""
        user = register(confirmed=False, language="fr")
        assert user.check_password(PASSWORD)
        assert user.password.startswith("argon2")
        assert user.email_confirmed_at is None
        [mail] = mails()
        assert (mail.template, mail.recipient, mail.language) == ("email_confirmation", user.email, "fr")

    def test_mails_no_link_to_a_proved_address(self):
        """ORG-7: who came by an invitation's link reads this mailbox."""
        register(confirmed=True)
        assert mails() == []

    def test_stores_one_form_of_the_address(self):
        """INC-19: case and international domains do not make another login."""
        assert (
            register(email=" Zoë.Frei@BÜCHER.example ".replace("ë", "e")).email
            == "zoe.frei@xn--bcher-kva.example"
        )

    def test_tells_the_owner_of_a_taken_address_and_nobody_else(self):
        """INC-8: nothing is created, the caller cannot tell, the owner gets a mail."""
        user = register(email="anna@example.org")
        assert register_again("ANNA@example.org") is None
        assert User.objects.count() == 1
        user.refresh_from_db()
        assert user.first_name == "Carla"
        assert [mail.template for mail in mails()] == ["registration_repeated"]

    def test_makes_one_person_of_many_at_once(self):
        """ACC-1: unique under concurrency."""

        def attempt(_):
            try:
                return register_again("race@example.org")
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            made = [user for user in pool.map(attempt, range(8)) if user]
        assert len(made) == 1
        assert len(events_called("user.registration_repeated")) == 7

    @pytest.mark.parametrize("attempt", ["", "!", "None"])
    def test_leaves_nobody_a_blank_password(self, attempt):
        """INC-9: without a password nothing signs in, not even nothing."""
        user = register(password=None)
        assert not user.has_usable_password()
        assert give_password(browser(), user, attempt).status_code == 422

    def test_refuses_a_weak_password_and_stores_nothing(self):
        """ACC-17."""
        with pytest.raises(WeakPassword):
            register(password="short")
        assert not User.objects.exists()
        assert events_called("user.registered") == []
