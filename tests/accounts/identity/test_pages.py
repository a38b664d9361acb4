"""ACC-12: the pages of visitors and phones: the same to everybody, step by step, and nobody else's."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.identity.models import IdentityCase, IdentityImage
from accounts.identity.services import approve_case
from accounts.identity.status import CaseStatus, Document, Page, Reason
from tests.factories.identity import (
    NUMBER,
    REVIEW,
    make_staff,
    open_for,
    photograph,
    picture,
    prove,
    sent_code,
    staff_actor,
    submitted,
    token,
)
from tests.factories.people import browser, mails, present, register, signed_in


def page(name: str, case: IdentityCase, *args: str) -> str:
    return reverse(f"accounts:identity_{name}", args=[token(case), *args])


def upload(client: Client, case: IdentityCase, which: str, data: bytes, **fields: str):
    file = SimpleUploadedFile("photo.jpg", data, "image/jpeg")
    return client.post(page("photo", case, which), {"file": file, **fields})


def phone_of(case: IdentityCase) -> Client:
    """Return the phone's browser, in which the code was given."""
    client = browser()
    client.post(page("phone", case), {"phone": NUMBER})
    assert client.post(page("code", case), {"code": sent_code()}).status_code == 302
    return client


class TestTheBeginning:
    def test_answers_the_same_for_an_account_and_for_none(self) -> None:
        """INC-8: neither address, status nor page tells whether an account exists."""
        known, answers = register().email, []
        for contact in (known, "stranger@example.net", "+41791239999"):
            client = browser()
            answer = client.post("/identity/", {"reason": "lost_password", "contact": contact})
            waiting = client.get(answer["Location"])
            assert contact not in waiting.content.decode()
            answers.append((answer.status_code, waiting.status_code, len(answer["Location"])))
        assert len(set(answers)) == 1

    def test_asks_the_database_the_same(self, query_count) -> None:
        """INC-8: the time tells nothing either."""
        counts = []
        for contact in (register().email, "stranger@example.net"):
            client = browser()
            client.get("/identity/")
            with query_count() as seen:
                client.post("/identity/", {"reason": "lost_factor", "contact": contact})
            counts.append(seen.count)
        assert counts[0] == counts[1]

    def test_refuses_what_is_no_contact(self) -> None:
        """Beside the field."""
        for fields in (
            {},
            {"reason": "held_order", "contact": "a@example.org"},
            {"reason": "lost_login", "contact": "carla"},
            {"reason": "lost_login", "contact": "12"},
        ):
            assert browser().post("/identity/", fields).status_code == 422, fields
        assert IdentityCase.objects.count() == 0

    def test_is_limited_for_each_contact(self) -> None:
        """Nobody is pestered by mails."""
        fields = {"reason": "lost_password", "contact": register().email}
        statuses = [browser().post("/identity/", fields).status_code for _ in range(6)]
        assert statuses == [302] * 5 + [429]

    def test_stands_on_the_recovery_pages(self) -> None:
        """Who has lost everything finds the way."""
        for name, reason in (
            ("password_forgotten", "lost_password"),
            ("password_forgotten_sent", "lost_password"),
            ("login_forgotten", "lost_login"),
            ("login_forgotten_sent", "lost_login"),
        ):
            text = browser().get(reverse(f"accounts:{name}")).content.decode()
            assert f"/identity/?reason={reason}" in text, name


class TestThePhone:
    def test_goes_through_all_steps(self) -> None:
        """ACC-12: number, code, document, both sides, selfie, summary, sent."""
        case = open_for(register())
        client = phone_of(case)
        entry = reverse("accounts:identity_phone_entry", args=[token(case)])
        assert client.get(entry)["Location"] == page("document", case)
        answer = client.post(page("document", case), {"document": "identity_card"})
        for which in ("front", "back", "selfie"):
            assert answer["Location"] == page("photo", case, which)
            assert client.get(answer["Location"]).status_code == 200
            answer = upload(client, case, which, picture())
        assert answer["Location"] == page("send", case)
        assert client.get(answer["Location"]).status_code == 200
        assert client.post(page("send", case))["Location"] == page("wait", case)
        case.refresh_from_db()
        assert case.status == CaseStatus.SUBMITTED

    def test_comes_back_to_the_step_where_it_was(self) -> None:
        """Each step can be resumed."""
        case = open_for(None)
        client = phone_of(case)
        client.post(page("document", case), {"document": "passport"})
        upload(client, case, "passport", picture())
        entry = reverse("accounts:identity_phone_entry", args=[token(case)])
        assert client.get(entry)["Location"] == page("photo", case, "selfie")

    def test_is_asked_for_the_code_again_in_another_browser(self) -> None:
        """The link alone shows no answer and changes none."""
        case = photograph(open_for(register()), Document.PASSPORT)
        other = browser()
        for name, args in (("document", []), ("photo", ["selfie"]), ("send", [])):
            assert other.get(page(name, case, *args))["Location"] == page("phone", case)
        assert upload(other, case, "selfie", picture())["Location"] == page("phone", case)
        assert other.post(page("send", case))["Location"] == page("phone", case)
        refused = other.post(page("phone", case), {"phone": "+41790000001"})
        assert refused.status_code == 422
        case.refresh_from_db()
        assert case.status == CaseStatus.OPEN

    def test_shows_no_photograph_to_anybody(self) -> None:
        """There is no public way to an uploaded file, not even for who uploaded it."""
        case = open_for(None)
        client = phone_of(case)
        client.post(page("document", case), {"document": "passport"})
        upload(client, case, "passport", picture())
        upload(client, case, "selfie", picture())
        for address in (page("send", case), page("photo", case, "selfie"), page("wait", case)):
            text = client.get(address).content.decode()
            assert "data:image/jpeg" not in text
            assert "/staff/" not in text

    def test_refuses_bad_files_beside_the_field(self) -> None:
        """UI-8: what is wrong, and what to do."""
        case = open_for(None)
        client = phone_of(case)
        client.post(page("document", case), {"document": "passport"})
        for data in (b"", b"<svg/>", picture(200, 200), b"x" * 12_500_000):
            answer = upload(client, case, "passport", data)
            assert answer.status_code == 422, data[:10]
            assert "field__error" in answer.content.decode()
        assert client.post(page("photo", case, "passport")).status_code == 422
        assert IdentityImage.objects.count() == 0

    def test_has_no_page_of_another_document(self) -> None:
        """404 for what the address should not name."""
        case = open_for(None)
        client = phone_of(case)
        client.post(page("document", case), {"document": "passport"})
        for which in ("back", "front", "nothing"):
            assert client.get(page("photo", case, which)).status_code == 404

    def test_refuses_a_wrong_code_and_limits_the_tries(self) -> None:
        """INC-12"""
        case = open_for(None)
        client = browser()
        client.post(page("phone", case), {"phone": NUMBER})
        wrong = "000000" if sent_code() != "000000" else "111111"
        statuses = [client.post(page("code", case), {"code": wrong}).status_code for _ in range(21)]
        assert statuses == [422] * 20 + [429]

    def test_is_limited_in_messages_to_one_number(self) -> None:
        """SMS cost money, and pester."""
        statuses = [
            browser().post(page("phone", open_for(None)), {"phone": NUMBER}).status_code for _ in range(6)
        ]
        assert statuses == [302] * 5 + [429]

    def test_is_led_to_the_result_once_it_is_sent(self) -> None:
        """Old steps lead on instead of failing."""
        case = submitted()
        for name in ("phone", "code", "document", "send"):
            assert browser().get(page(name, case))["Location"] == page("wait", case)


class TestTheWaitingPage:
    def test_asks_again_by_itself_with_and_without_scripts(self) -> None:
        """UI-7"""
        text = browser().get(page("wait", open_for(None))).content.decode()
        assert f'hx-get="{page("state", IdentityCase.objects.get())}"' in text
        assert '<noscript><meta http-equiv="refresh"' in text
        assert "data:image/svg+xml" in text

    def test_tells_how_far_the_phone_is(self) -> None:
        """Number, photographs, sent, result."""
        case = prove(open_for(register()))
        assert "Confirmed by the code." in browser().get(page("state", case)).content.decode()
        photograph_one = photograph(open_for(register()))
        assert "2 of 2 taken" in browser().get(page("state", photograph_one)).content.decode()
        sent = submitted()
        assert "Our staff look at it now" in browser().get(page("state", sent)).content.decode()

    def test_stops_asking_once_it_is_decided(self) -> None:
        """And says what comes next."""
        case = submitted(register(), Reason.LOST_FACTOR)
        approve_case(case=case, actor=staff_actor(make_staff(REVIEW)), at=present())
        text = browser().get(page("state", case)).content.decode()
        assert "hx-get" not in text
        assert "In 24 hours" in text

    def test_does_not_name_the_person(self) -> None:
        """Whoever has the link learns no name and no address."""
        owner = register()
        case = submitted(owner)
        text = browser().get(page("wait", case)).content.decode()
        assert owner.email not in text
        assert owner.last_name not in text


class TestAPersonsOwnPage:
    def test_begins_a_check_and_lists_it(self) -> None:
        """ACC-12: a signed-in person can open one as well."""
        owner = register()
        client = signed_in(owner)
        answer = client.post(reverse("accounts:identity"), {"reason": "lost_factor"})
        case = IdentityCase.objects.get()
        assert answer["Location"] == page("wait", case)
        assert case.user == owner
        assert page("wait", case) in client.get(reverse("accounts:identity")).content.decode()

    def test_stops_one_that_somebody_else_began(self) -> None:
        """The mail leads here."""
        owner = register()
        case = open_for(None, contact=owner.email)
        mails()
        client = signed_in(owner)
        address = reverse("accounts:identity_withdraw", args=[case.pk])
        assert address in client.get(reverse("accounts:identity")).content.decode()
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 302
        case.refresh_from_db()
        assert case.status == CaseStatus.WITHDRAWN
        assert client.post(address).status_code == 409

    def test_does_not_touch_another_persons(self) -> None:
        """INC-2"""
        case = open_for(register())
        client = signed_in(register())
        address = reverse("accounts:identity_withdraw", args=[case.pk])
        assert client.post(address).status_code == 404
        assert client.get(address).status_code == 404


def test_an_upload_after_the_end_is_refused() -> None:
    """The link of a stopped check takes nothing any more."""
    case = photograph(open_for(register()))
    client = phone_of(case)
    IdentityCase.objects.filter(pk=case.pk).update(expires_at=present())
    assert upload(client, case, "selfie", picture())["Location"] == page("wait", case)
    assert case.images.filter(page=Page.SELFIE).count() == 1
