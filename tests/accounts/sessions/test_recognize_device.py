"""Devices not seen before, and the mail about them (ACC-11)."""

import threading

from django.db import connections

from accounts.sessions.models import Device
from manager.outbox.relay import drain_outbox
from tests.factories.people import browser, events_called, give_password, mails, present, register, signed_in


class TestRecognizeDevice:
    """`recognize_device` knows a browser by its cookie."""

    def test_mails_once_for_a_new_browser(self):
        """ACC-11: when, which browser and system, which address, and what to do."""
        user = register(language="de")
        signed_in(user)
        drain_outbox(at=present())
        [mail] = mails(template="signed_in_from_new_device")
        assert mail.recipient == user.email
        assert mail.language == "de"
        for fact in ("Firefox", "Linux", "127.0.0.1", "Europe/Zurich", "/profile/security/"):
            assert fact in mail.text
            assert fact in mail.html

    def test_mails_once_though_many_relays_run(self):
        """ACC-11: exactly once."""
        signed_in(register())

        def relay() -> None:
            drain_outbox(at=present())
            connections.close_all()

        relays = [threading.Thread(target=relay) for _ in range(6)]
        for thread in relays:
            thread.start()
        for thread in relays:
            thread.join()
        assert len(mails(template="signed_in_from_new_device")) == 1

    def test_knows_the_browser_again(self):
        """ACC-11: no second mail in the same browser, not even after signing out."""
        user = register()
        client = signed_in(user)
        client.post("/sign-out/")
        give_password(client, user)
        assert Device.objects.count() == 1
        assert len(events_called("user.signed_in_from_new_device")) == 1

    def test_takes_a_private_window_for_new(self):
        """ACC-11: it shows no cookie."""
        user = register()
        signed_in(user)
        signed_in(user)
        assert len(events_called("user.signed_in_from_new_device")) == 2

    def test_keeps_people_of_one_browser_apart(self):
        """ACC-11: what is known for one is new for the other, and both are known afterwards."""
        first, second = register(), register()
        client = browser()
        for _ in range(2):
            for user in (first, second):
                give_password(client, user)
                client.post("/sign-out/")
        assert len(events_called("user.signed_in_from_new_device")) == 2

    def test_takes_no_secret_from_outside(self):
        """A planted cookie does not become a known device."""
        user = register()
        client = browser()
        client.cookies["devices"] = "planted-secret"
        give_password(client, user)
        other = browser()
        other.cookies["devices"] = "planted-secret"
        give_password(other, user)
        assert len(events_called("user.signed_in_from_new_device")) == 2

    def test_keeps_the_secret_from_scripts_and_from_the_database(self):
        """The cookie is HttpOnly; the row has a hash."""
        client = signed_in(register())
        cookie = client.cookies["devices"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert Device.objects.get().secret_hash not in cookie.value
        assert cookie.value not in str(Device.objects.values().get())
