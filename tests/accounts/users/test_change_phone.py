"""Changing the mobile number (ACC-7, ACC-14)."""

import pytest
from django.db import IntegrityError

from accounts.users.models import SecurityEvent, User
from tests.factories.people import mails, register, signed_in

PAGE = "/profile/security/phone/"


class TestChangePhone:
    """The number is kept in one form, and a change is told."""

    def test_keeps_it_in_its_international_form_and_mails(self):
        """ACC-7, ACC-11: masked in the mail and in the log."""
        user = register(phone="+41791110011")
        assert signed_in(user).post(PAGE, {"phone": "079 123 45 67"}).url == "/profile/security/"
        assert User.objects.get(pk=user.pk).phone == "+41791234567"
        [mail] = mails(template="phone_changed")
        assert mail.recipient == user.email
        assert "+41 ••• 67" in mail.text
        assert "1234567" not in mail.text
        [event] = SecurityEvent.objects.filter(user=user, name="user.phone_changed")
        assert event.details == {"before": "+41 ••• 11", "phone": "+41 ••• 67"}

    def test_shows_it_in_groups(self):
        """ACC-14."""
        client = signed_in(register(phone="+41791234567"))
        for path in (PAGE, "/profile/security/", "/profile/"):
            assert "+41 79 123 45 67" in client.get(path).content.decode()

    def test_removes_it(self):
        """ACC-14."""
        user = register(phone="+41791110011")
        signed_in(user).post(PAGE, {"phone": ""})
        assert User.objects.get(pk=user.pk).phone == ""
        assert "None" in mails(template="phone_changed")[0].text

    def test_tells_nothing_where_nothing_changes(self):
        """ACC-11."""
        user = register(phone="+41791234567")
        signed_in(user).post(PAGE, {"phone": "+41 79 123 45 67"})
        assert mails(template="phone_changed") == []

    @pytest.mark.parametrize("typed", ["abc", "1" * 100, "+41 79 123 45 67\x00", "0041"])
    def test_refuses_what_is_no_number(self, typed):
        """Beside the field, with 422."""
        answer = signed_in(register()).post(PAGE, {"phone": typed})
        assert answer.status_code == 422
        assert "field__error" in answer.content.decode()

    def test_is_kept_so_by_the_database(self):
        """ACC-7: equal numbers are equal texts."""
        user = register()
        with pytest.raises(IntegrityError):
            User.objects.filter(pk=user.pk).update(phone="079 123 45 67")
