"""Confirming an address by its mailed link (ACC-1)."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.users.links import make_email_confirmation, make_password_reset
from accounts.users.services import LinkNotValid, confirm_email
from tests.factories.people import browser, give_password, mails, present, register


def mailed_path() -> str:
    [mail] = mails(template="email_confirmation")
    found = re.search(rf"{re.escape(settings.PUBLIC_BASE_URL)}(/confirm-email/\S+)", mail.text)
    assert found
    return found.group(1)


class TestConfirmEmail:
    """`confirm_email` opens the account to its owner."""

    def test_lets_the_person_sign_in(self):
        """ACC-1: by the button behind the mailed link, not before."""
        user = register(confirmed=False)
        client = browser()
        assert give_password(client, user).status_code == 422
        path = (
            mails(template="email_confirmation")
            and f"/confirm-email/{make_email_confirmation(user, at=present())}/"
        )
        assert client.get(path).status_code == 200
        assert give_password(client, user).status_code == 422
        assert client.post(path).url == "/sign-in/"
        assert give_password(client, user).status_code == 302

    def test_stands_in_the_mail_with_the_panels_own_address(self):
        """INC-20: whatever the request's headers say."""
        register(confirmed=False)
        assert browser().get(mailed_path()).status_code == 200

    def test_changes_nothing_the_second_time(self):
        """A link opened twice is no mistake."""
        user = register(confirmed=False)
        token = make_email_confirmation(user, at=present())
        first = confirm_email(token=token, at=present()).email_confirmed_at
        assert confirm_email(token=token, at=present()).email_confirmed_at == first

    def test_refuses_an_old_link(self):
        """A link works for 7 days."""
        user = register(confirmed=False)
        token = make_email_confirmation(user, at=present() - timedelta(days=8))
        with pytest.raises(LinkNotValid):
            confirm_email(token=token, at=present())

    def test_refuses_a_link_of_another_address(self):
        """INC-10: the link proves the address that it was sent to."""
        user = register(confirmed=False)
        token = make_email_confirmation(user, at=present())
        type(user).objects.filter(pk=user.pk).update(email="another@example.org")
        with pytest.raises(LinkNotValid):
            confirm_email(token=token, at=present())

    def test_refuses_a_link_of_another_kind(self):
        """A reset link confirms nothing by this way."""
        user = register(confirmed=False)
        with pytest.raises(LinkNotValid):
            confirm_email(token=make_password_reset(user, at=present()), at=present())

    @pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "é", "x" * 5000])
    def test_answers_made_up_links_with_404(self, token):
        """Never a 500."""
        assert browser().get(f"/confirm-email/{token}/").status_code == 404
        assert browser().post(f"/confirm-email/{token}/").status_code == 404
