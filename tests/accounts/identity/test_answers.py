"""ACC-12: number and code, document, photographs, sending; each step refuses what does not belong to it."""

import threading
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from accounts.identity.models import IdentityCase, IdentityEntry, IdentityImage
from accounts.identity.services import choose_document, prove_phone, send_code, store_image, submit_case
from accounts.identity.services.refusals import (
    CaseNotOpen,
    CodeRefused,
    ImageTooSmall,
    OtherPhone,
    PhotographsMissing,
)
from accounts.identity.status import CaseStatus, Document, Page
from manager.kit.encryption import decrypt
from manager.kit.images import ImageRefused
from manager.outbox.models import OutgoingSms
from tests.factories.identity import (
    NUMBER,
    open_for,
    photograph,
    picture,
    prove,
    sent_code,
    submitted,
)
from tests.factories.people import mails, present, register, visitor

WHO = visitor()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


class TestSendCode:
    def test_sends_six_digits_and_stores_none(self) -> None:
        """The code stands in the message alone."""
        case = send_code(case=open_for(None), phone=NUMBER, actor=WHO, at=present())
        code = sent_code()
        assert code not in case.code_hash
        assert OutgoingSms.objects.get().recipient == NUMBER

    def test_ends_the_code_before(self) -> None:
        """One code at a time."""
        case = send_code(case=open_for(None), phone=NUMBER, actor=WHO, at=present())
        first = sent_code()
        while sent_code() == first:  # one in a million is the same again
            send_code(case=case, phone=NUMBER, actor=WHO, at=present())
        with pytest.raises(CodeRefused):
            prove_phone(case=case, code=first, actor=WHO, at=present())
        assert prove_phone(case=case, code=sent_code(), actor=WHO, at=present()).phone_proved_at

    def test_refuses_another_number_once_one_is_proved(self) -> None:
        """Who got hold of the link cannot move the check to an own phone."""
        case = prove(open_for(None))
        with pytest.raises(OtherPhone):
            send_code(case=case, phone="+41790000000", actor=WHO, at=present())

    def test_refuses_a_case_that_is_over(self) -> None:
        """72 hours, and no second more."""
        case = open_for(None, at=present() - timedelta(hours=72))
        with pytest.raises(CaseNotOpen):
            send_code(case=case, phone=NUMBER, actor=WHO, at=present())


class TestProvePhone:
    def test_takes_the_code_once(self) -> None:
        """INC-13"""
        case = prove(open_for(None))
        assert case.phone_proved_at is not None
        with pytest.raises(CodeRefused):
            prove_phone(case=case, code=sent_code(), actor=WHO, at=present())

    def test_counts_failures_through_the_refusal(self) -> None:
        """After five wrong ones the right one does not help."""
        case = send_code(case=open_for(None), phone=NUMBER, actor=WHO, at=present())
        code = sent_code()
        for _ in range(5):
            with pytest.raises(CodeRefused):
                prove_phone(case=case, code=wrong(code), actor=WHO, at=present())
        with pytest.raises(CodeRefused):
            prove_phone(case=case, code=code, actor=WHO, at=present())

    def test_refuses_an_old_code(self) -> None:
        """Ten minutes."""
        at = present()
        case = send_code(case=open_for(None), phone=NUMBER, actor=WHO, at=at)
        with pytest.raises(CodeRefused):
            prove_phone(case=case, code=sent_code(), actor=WHO, at=at + timedelta(minutes=11))

    def test_does_not_take_the_code_of_another_case(self) -> None:
        """The hash belongs to the case: copied to another one, it opens nothing there."""
        one, two = open_for(None), open_for(None)
        send_code(case=two, phone=NUMBER, actor=WHO, at=present())
        sent = send_code(case=one, phone=NUMBER, actor=WHO, at=present())
        IdentityCase.objects.filter(pk=two.pk).update(code_hash=sent.code_hash)
        with pytest.raises(CodeRefused):
            prove_phone(case=two, code=sent_code(), actor=WHO, at=present())
        assert prove_phone(case=one, code=sent_code(), actor=WHO, at=present()).phone_proved_at

    def test_lets_one_of_many_at_once_through(self) -> None:
        """INC-13: the same code sent many times at the same moment."""
        case = send_code(case=open_for(None), phone=NUMBER, actor=WHO, at=present())
        code, results = sent_code(), []

        def give() -> None:
            try:
                prove_phone(case=case, code=code, actor=WHO, at=present())
                results.append(True)
            except CodeRefused:
                results.append(False)
            finally:
                connection.close()

        threads = [threading.Thread(target=give) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == [False] * 7 + [True]


class TestChooseDocument:
    def test_asks_for_a_proved_number_first(self) -> None:
        """No answer before the code."""
        with pytest.raises(CaseNotOpen):
            choose_document(case=open_for(None), document=Document.PASSPORT, actor=WHO, at=present())

    def test_deletes_photographs_of_the_other_document(self) -> None:
        """What is not needed is not kept; the selfie stays."""
        case = photograph(open_for(None), Document.IDENTITY_CARD)
        choose_document(case=case, document=Document.PASSPORT, actor=WHO, at=present())
        assert list(case.images.values_list("page", flat=True)) == [Page.SELFIE]


class TestStoreImage:
    def test_encrypts_what_it_keeps(self, superuser_connection: psycopg.Connection) -> None:
        """ACC-12: what lies in the database is no picture."""
        case = photograph(open_for(None))
        image = case.images.get(page=Page.PASSPORT)
        rows = superuser_connection.execute("SELECT content FROM accounts_identityimage").fetchall()
        assert len(rows) == 2
        assert all(b"JFIF" not in bytes(row[0]) and bytes(row[0])[:2] != b"\xff\xd8" for row in rows)
        assert decrypt(image.content, purpose=image.purpose)[:2] == b"\xff\xd8"

    def test_writes_the_picture_anew(self) -> None:
        """INC-29: a PNG comes out as JPEG, and large ones smaller, still legible."""
        case = prove(open_for(None))
        choose_document(case=case, document=Document.PASSPORT, actor=WHO, at=present())
        data = picture(4000, 3000, kind="PNG")
        image = store_image(case=case, page=Page.PASSPORT, data=data, actor=WHO, at=present())
        assert (image.mime_type, image.width, image.height) == ("image/jpeg", 2000, 1500)

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"<svg/>", b"\xff\xd8\xff\xe0 half"])
    def test_refuses_what_is_no_picture(self, data: bytes) -> None:
        """INC-29"""
        case = prove(open_for(None))
        choose_document(case=case, document=Document.PASSPORT, actor=WHO, at=present())
        with pytest.raises(ImageRefused):
            store_image(case=case, page=Page.PASSPORT, data=data, actor=WHO, at=present())
        assert IdentityImage.objects.count() == 0

    def test_refuses_what_nobody_can_read(self) -> None:
        """Better now than after a day of waiting."""
        case = prove(open_for(None))
        choose_document(case=case, document=Document.PASSPORT, actor=WHO, at=present())
        with pytest.raises(ImageTooSmall):
            store_image(case=case, page=Page.PASSPORT, data=picture(300, 200), actor=WHO, at=present())

    def test_refuses_a_page_of_another_document(self) -> None:
        """A passport has no back."""
        case = prove(open_for(None))
        choose_document(case=case, document=Document.PASSPORT, actor=WHO, at=present())
        with pytest.raises(CaseNotOpen):
            store_image(case=case, page=Page.BACK, data=picture(), actor=WHO, at=present())

    def test_replaces_the_one_before(self) -> None:
        """One photograph of each page."""
        case = photograph(open_for(None))
        store_image(case=case, page=Page.PASSPORT, data=picture(colour="navy"), actor=WHO, at=present())
        assert case.images.count() == 2


class TestSubmitCase:
    def test_sends_it_to_the_staff_and_tells_the_owner(self) -> None:
        """ACC-12"""
        owner = register()
        case = submitted(owner)
        assert case.status == CaseStatus.SUBMITTED
        assert [mail.recipient for mail in mails(template="identity_submitted")] == [owner.email]

    def test_ends_with_its_oldest_photograph(self) -> None:
        """ACC-12: 72 hours after the upload, whenever it was sent."""
        at = present() - timedelta(hours=5)
        case = photograph(open_for(register(), at=at), at=at)
        sent = submit_case(case=case, actor=WHO, at=present())
        assert sent.expires_at == at + timedelta(hours=72)

    def test_refuses_before_every_photograph_is_there(self) -> None:
        """The button alone does not send."""
        case = photograph(open_for(None), Document.IDENTITY_CARD)
        case.images.filter(page=Page.BACK).delete()
        with pytest.raises(PhotographsMissing):
            submit_case(case=case, actor=WHO, at=present())

    def test_refuses_any_change_afterwards(self) -> None:
        """Staff decide about what was sent."""
        case = submitted()
        with pytest.raises(CaseNotOpen):
            store_image(case=case, page=Page.SELFIE, data=picture(), actor=WHO, at=present())
        with pytest.raises(CaseNotOpen):
            submit_case(case=case, actor=WHO, at=present())


def test_every_step_stands_in_the_journal_that_nobody_changes(as_role) -> None:
    """Who did what, when, from where."""
    submitted()
    names = list(IdentityEntry.objects.order_by("pk").values_list("what", flat=True))
    assert names == [
        "case_opened",
        "code_sent",
        "phone_proved",
        "document_chosen",
        "photo_stored",
        "photo_stored",
        "submitted",
    ]
    for change in ("UPDATE accounts_identityentry SET what = 'x'", "DELETE FROM accounts_identityentry"):
        with pytest.raises(psycopg.errors.RaiseException):
            as_role("web").execute(change)
