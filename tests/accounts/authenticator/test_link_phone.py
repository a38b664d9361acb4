"""Linking a phone by the panel's offer (ACC-10, ACC-9)."""

import re
from datetime import timedelta

import pytest
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.authenticator.models import LinkedPhone, PhoneOffer
from accounts.authenticator.offers import code_of, in_groups, token_of
from accounts.authenticator.refusals import OfferNotOpen
from accounts.authenticator.services import link_phone, offer_phone_link
from accounts.mfa.models import BackupCode
from accounts.mfa.services import TooManyFactors
from accounts.users.selectors import has_second_factor
from tests.factories.people import browser, mails, present, register, signed_in, visitor
from tests.factories.phones import Phone, linked_phone, offer_token

LINK = "/profile/security/phones/link/"
STATE = "/profile/security/phones/link/state/"
CONFIRM = "/profile/security/phones/confirm/"


def shown_code(client) -> str:
    page = client.get(LINK).content.decode()
    found = re.search(r">([a-z0-9]{5}-[a-z0-9]{5})<", page)
    assert found, page
    return found.group(1)


class TestFromThePanel:
    """The page with the QR code, and the phone that takes it."""

    def test_counts_once_the_panel_has_confirmed(self):
        """ACC-10, ACC-9: with it the second step is on, and ten backup codes are shown."""
        user = register()
        client = signed_in(user)
        phone = Phone()
        code = shown_code(client)
        assert client.get(STATE).json() == {"state": "waiting"}
        assert phone.link(code=code).status_code == 200
        assert client.get(STATE).json() == {"state": "linked"}
        assert not has_second_factor(user)
        answer = client.post(CONFIRM)
        assert answer.status_code == 200
        assert BackupCode.objects.filter(user=user).count() == 10
        assert has_second_factor(user)
        assert client.session[DEVICE_ID_SESSION_KEY] == phone.row.persistent_id
        assert phone.tell("requests").json()["is_confirmed"] is True
        [mail] = mails(template="factor_added")
        assert "My phone" in mail.text

    def test_shows_the_same_offer_again_on_a_reload(self):
        """A reload, also the one of browsers without scripts, does not end what the phone has scanned."""
        client = signed_in(register())
        assert shown_code(client) == shown_code(client)
        assert PhoneOffer.objects.count() == 1

    def test_asks_to_confirm_where_scripts_do_not(self):
        """The page works by a button, too."""
        client = signed_in(register())
        Phone().link(code=shown_code(client))
        assert CONFIRM in client.get(LINK).content.decode()

    def test_leads_the_signed_in_phone_straight_to_its_offer(self):
        """ACC-10: linking by signing in on the phone."""
        user = register()
        client = signed_in(user)
        target = client.post("/authenticator/here/").url
        token = target.split("/")[3]
        assert target.endswith("?here")
        phone = Phone()
        assert phone.link(token=token).status_code == 200
        client.post(CONFIRM)
        assert phone.row.confirmed

    def test_does_not_confirm_a_phone_of_another_session(self):
        """Only the session that offered the link says that the phone is right."""
        user = register()
        client, other = signed_in(user), signed_in(user)
        Phone().link(code=shown_code(client))
        assert other.post(CONFIRM).url == LINK
        assert not has_second_factor(user)

    @pytest.mark.parametrize("path", [LINK, "/authenticator/here/"])
    def test_asks_for_a_fresh_proof(self, path):
        """ACC-8: adding a factor asks the password or a factor again."""
        client = signed_in(register())
        session = client.session
        session["proved_at"] = 0
        session.save()
        assert client.get(path).url.startswith("/profile/security/prove/")
        assert client.post(path).url.startswith("/profile/security/prove/")


class TestOffer:
    """The secret of an offer: ten minutes, one phone."""

    def test_tells_whose_it_is_before_the_phone_takes_it(self):
        """ACC-10: nobody links to the wrong account by mistake."""
        user = register()
        answer = Phone().send("offer", {"token": offer_token(user)}).json()
        assert answer["account"]["login"] == user.email
        assert answer["suggested_name"] == "Android"

    def test_is_found_by_its_code_however_it_is_typed(self):
        """Capitals, hyphen and spaces do not matter."""
        offer = offer_phone_link(user=register(), session_id=None, actor=visitor(), at=present())
        typed = in_groups(code_of(offer.reference)).upper().replace("-", " ")
        assert Phone().send("offer", {"code": typed}).status_code == 200

    def test_serves_one_phone_only(self):
        """ACC-10: a photograph of the code is worth nothing afterwards."""
        token = offer_token(register())
        assert Phone().link(token=token).status_code == 200
        answer = Phone().link(token=token)
        assert (answer.status_code, answer.json()["code"]) == (404, "offer_not_open")

    def test_ends_after_ten_minutes(self):
        """ACC-10."""
        offer = offer_phone_link(
            user=register(), session_id=None, actor=visitor(), at=present() - timedelta(minutes=10, seconds=1)
        )
        assert Phone().link(token=token_of(offer.reference)).status_code == 404
        with pytest.raises(OfferNotOpen):
            link_phone(offer=offer, name="x", public_key=Phone().public_key, actor=visitor(), at=present())

    def test_ends_with_a_new_one(self):
        """One is open for a person."""
        user = register()
        first = offer_token(user)
        second = offer_token(user)
        assert Phone().link(token=first).status_code == 404
        assert Phone().link(token=second).status_code == 200

    @pytest.mark.parametrize(
        "body",
        [{}, {"token": ""}, {"code": ""}, {"token": "x" * 9000}, {"code": "a\x00b"}, {"code": "ａｂｃ"}],
    )
    def test_answers_the_same_to_whatever_is_wrong(self, body):
        """Nobody learns whether there is an offer."""
        offer_token(register())
        answer = Phone().send("offer", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "offer_not_open")

    def test_is_not_guessed(self):
        """INC-12: twenty tries a minute from one address."""
        phone = Phone()
        codes = [phone.send("offer", {"code": f"guess-{number:05}"}).status_code for number in range(21)]
        assert codes == [404] * 20 + [429]

    def test_is_stored_hashed_only(self):
        """The database alone tells neither token nor code."""
        offer = offer_phone_link(user=register(), session_id=None, actor=visitor(), at=present())
        row = str(PhoneOffer.objects.values().get(pk=offer.pk))
        assert token_of(offer.reference) not in row
        assert code_of(offer.reference) not in row


class TestPhone:
    """What the panel keeps of a phone."""

    def test_keeps_the_secret_of_the_codes_encrypted(self):
        """The database alone shows no code."""
        phone = linked_phone(register())
        stored = bytes(phone.row.encrypted_secret)
        assert phone.secret not in stored
        assert phone.row.secret == phone.secret

    def test_keeps_nothing_of_a_private_key(self):
        """A browser that sends more of its key than the public part is not made to regret it."""
        phone = Phone()
        given = {**phone.public_key, "d": "secret", "ext": True}
        phone.tell("link", name="x", public_key=given, token=offer_token(register()))
        assert set(LinkedPhone.objects.get().public_key) == {"kty", "crv", "x", "y"}

    @pytest.mark.parametrize(
        "key",
        [
            None,
            "key",
            {},
            {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
            {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
            {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
            {"kty": "EC", "crv": "P-256", "x": 5, "y": None},
        ],
    )
    def test_refuses_what_is_no_key(self, key):
        """Never a 500."""
        answer = Phone().tell("link", name="x", public_key=key, token=offer_token(register()))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_key")

    def test_must_own_the_key_that_it_brings(self):
        """The introduction is signed with the very key."""
        phone = Phone()
        answer = phone.tell("link", name="x", public_key=Phone().public_key, token=offer_token(register()))
        assert answer.status_code == 400
        assert not LinkedPhone.objects.exists()

    @pytest.mark.parametrize("name", [None, 7, "", "\x00\x07", "x" * 500])
    def test_takes_any_name(self, name):
        """What cannot be shown is left out; without a name it is the system's."""
        phone = Phone()
        answer = phone.tell("link", name=name, public_key=phone.public_key, token=offer_token(register()))
        assert answer.json()["name"] == ("x" * 64 if name == "x" * 500 else "Android")

    def test_is_one_of_ten_at_most(self):
        """More than that nobody uses."""
        user = register()
        for _ in range(10):
            linked_phone(user)
        with pytest.raises(TooManyFactors):
            linked_phone(user)
        assert LinkedPhone.objects.filter(user=user, confirmed=True).count() == 10

    def test_is_the_same_app_for_strangers(self):
        """The app's page tells nothing of anybody, whatever the address says."""
        page = browser().get("/authenticator/link/made-up/")
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "no-referrer"
