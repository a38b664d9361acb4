"""VAT numbers asked at their register, over real HTTP (ORG-4)."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.tokens.scopes import Scope
from manager.demo.vies.server import Register
from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization, VatCheck
from organizations.profile.periodic import LEASE, drain_vat_checks
from organizations.profile.selectors import latest_vat_answer, latest_vat_check
from organizations.profile.services import edit_organization, request_vat_check
from organizations.profile.services.vat import RECHECK_AFTER, NoVatNumber, answer_vat_check
from organizations.profile.vat_checks import VatAnswer
from tests.factories.cast import AT, client_of, make_tenant
from tests.factories.members import actor_of, first_representative
from tests.isolation.world import make_token

KNOWN, UNKNOWN, SWISS = "FR83404833048", "FR40303265045", "CHE107787577MWST"


@pytest.fixture
def organization() -> Organization:
    return make_tenant(name="Dupont SARL", country="FR")


def number_is(organization: Organization, number: str, at: Any = AT) -> Organization:
    actor = actor_of(first_representative(organization).user)
    return edit_organization(organization=organization, values={"vat_number": number}, actor=actor, at=at)


def latest(organization: Organization) -> VatCheck:
    with tenant_scope(organization.pk):
        check = latest_vat_check(organization=Organization.objects.get())
    assert check is not None
    return check


def page_of(organization: Organization) -> str:
    client = client_of(first_representative(organization).user)
    return client.get(f"/o/{organization.pk}/settings/").content.decode()


class TestAnAnswer:
    def test_is_kept_with_its_date_name_and_number(
        self, register: Register, organization: Organization
    ) -> None:
        """ORG-4: the register is asked by the worker, never while the page waits."""
        number_is(organization, KNOWN)
        assert (latest(organization).state, register.asked) == ("waiting", [])
        assert "is being asked" in page_of(organization)
        assert drain_vat_checks(at=AT) == 1
        check = latest(organization)
        assert (check.state, check.answered_at, check.name) == ("valid", AT, "BOULANGERIE DUPONT SARL")
        assert check.address == "8 RUE DES LILAS, 69003 LYON"
        assert check.reference.startswith("WAPI")
        assert register.asked == [{"countryCode": "FR", "vatNumber": "83404833048"}]
        assert check.reference in page_of(organization)
        assert drain_vat_checks(at=AT) == 0

    def test_that_it_is_not_registered_is_told_by_mail_once(
        self, register: Register, organization: Organization
    ) -> None:
        """ORG-4: again only after it was valid in between."""
        number_is(organization, UNKNOWN)
        drain_vat_checks(at=AT)
        assert latest(organization).state == "not_valid"
        for at in (AT, AT + RECHECK_AFTER, AT + 2 * RECHECK_AFTER):
            drain_vat_checks(at=at)
            drain_outbox(at=at)
        assert len(register.asked) == 3
        (mail,) = OutgoingMail.objects.using("system").filter(template="vat_number_refused")
        assert UNKNOWN in mail.text
        assert "does not know this number" in page_of(organization)

    def test_is_written_into_the_audit_log(self, register: Register, organization: Organization) -> None:
        """ORG-16"""
        number_is(organization, KNOWN)
        drain_vat_checks(at=AT)
        with tenant_scope(organization.pk):
            event = AuditEvent.objects.get(name="organization.vat_checked")
        assert (event.actor_name, event.data["state"]) == ("vat-checks", "valid")

    def test_is_asked_for_again_after_90_days(self, register: Register, organization: Organization) -> None:
        """ORG-4: former answers stay as evidence."""
        number_is(organization, KNOWN)
        drain_vat_checks(at=AT)
        assert drain_vat_checks(at=AT + RECHECK_AFTER - timedelta(seconds=1)) == 0
        register.registered.clear()
        assert drain_vat_checks(at=AT + RECHECK_AFTER) == 1
        assert latest(organization).state == "not_valid"
        with tenant_scope(organization.pk):
            states = VatCheck.objects.order_by("id").values_list("state", flat=True)
            assert list(states) == ["valid", "not_valid"]

    def test_of_a_worker_that_was_overtaken_is_not_taken(
        self, register: Register, organization: Organization
    ) -> None:
        """ORG-4: by another worker, or by another number."""
        number_is(organization, UNKNOWN)
        frozen = latest(organization)
        number_is(organization, KNOWN)
        drain_vat_checks(at=AT)
        actor = actor_of(first_representative(organization).user)
        taken = answer_vat_check(check=frozen, answer=VatAnswer(is_valid=True), actor=actor, at=AT)
        assert not taken
        assert [question["vatNumber"] for question in register.asked] == [KNOWN[2:]]


class TestARegisterThatDoesNotAnswer:
    @pytest.mark.parametrize(
        "trouble",
        [
            {"error": "MS_UNAVAILABLE"},
            {"error": "GLOBAL_MAX_CONCURRENT_REQ", "status": 500},
            {"raw": b"<html>Bad gateway</html>", "status": 502},
            {"raw": b"[]"},
            {"raw": b'{"valid": "yes"}'},
            {"raw": b"{" * 100_000},
            {"raw": b'{"valid": true, "name": "' + b"x" * 100_000 + b'"}'},
        ],
        ids=["member-state", "busy", "proxy", "list", "text", "deep", "long"],
    )
    def test_is_asked_again_later(
        self, register: Register, organization: Organization, trouble: dict[str, Any]
    ) -> None:
        """ORG-4: no answer is never *not valid*."""
        vars(register).update(trouble)
        number_is(organization, KNOWN)
        assert drain_vat_checks(at=AT) == 0
        check = latest(organization)
        assert (check.state, check.answered_at) == ("unavailable", None)
        assert "does not answer at present" in page_of(organization)
        vars(register).update({"error": "", "raw": None, "status": 200})
        assert drain_vat_checks(at=AT + timedelta(minutes=4)) == 0
        assert drain_vat_checks(at=AT + timedelta(minutes=5)) == 1
        assert latest(organization).state == "valid"

    def test_is_not_waited_for_when_nothing_listens(self, organization: Organization) -> None:
        """ORG-4: and at least twice a day, however long it lasts."""
        number_is(organization, KNOWN)
        at = AT
        for _ in range(12):
            assert drain_vat_checks(at=at) == 0
            check = latest(organization)
            assert check.due_at is not None
            assert check.due_at - at <= timedelta(hours=12)
            at = check.due_at
        assert check.attempts == 12

    def test_leads_nowhere_else(self, register: Register, organization: Organization) -> None:
        """INC-28: what it answers is text, whatever it is, without control characters."""
        register.registered[KNOWN] = ("<img src=x onerror=alert(1)>\x00\u202e", "A\r\nB\x1b[0m")
        number_is(organization, KNOWN)
        drain_vat_checks(at=AT)
        check = latest(organization)
        assert (check.name, check.address) == ("<img src=x onerror=alert(1)>", "A, B[0m")
        assert "<img src=x" not in page_of(organization)

    def test_a_worker_that_dies_leaves_its_lease(
        self, register: Register, organization: Organization
    ) -> None:
        """ORG-4: another one asks after it."""
        number_is(organization, KNOWN)
        with tenant_scope(organization.pk):
            VatCheck.objects.update(due_at=AT + LEASE, fence=1, attempts=1)
        assert drain_vat_checks(at=AT) == 0
        assert drain_vat_checks(at=AT + LEASE) == 1


class TestAskingAgain:
    def test_needs_a_number(self, organization: Organization) -> None:
        """ORG-4"""
        actor = actor_of(first_representative(organization).user)
        with pytest.raises(NoVatNumber):
            request_vat_check(organization=organization, actor=actor, at=AT)

    def test_is_one_question_however_often_it_is_pressed(
        self, register: Register, organization: Organization
    ) -> None:
        """ORG-4"""
        number_is(organization, KNOWN)
        drain_vat_checks(at=AT)
        later = AT + timedelta(hours=1)
        actor = actor_of(first_representative(organization).user)
        for _ in range(3):
            request_vat_check(organization=organization, actor=actor, at=later)
        assert drain_vat_checks(at=later) == 1
        request_vat_check(organization=organization, actor=actor, at=later + timedelta(seconds=30))
        assert drain_vat_checks(at=later + timedelta(seconds=30)) == 0
        with tenant_scope(organization.pk):
            answer = latest_vat_answer(organization=Organization.objects.get())
        assert answer is not None
        assert answer.answered_at == later

    def test_comes_before_the_next_try_by_itself(
        self, register: Register, organization: Organization
    ) -> None:
        """ORG-4: the button, when the register was not available."""
        register.error = "TIMEOUT"
        number_is(organization, KNOWN)
        drain_vat_checks(at=AT)
        register.error = ""
        client = client_of(first_representative(organization).user)
        assert client.post(f"/o/{organization.pk}/settings/vat-check/").status_code == 302
        with tenant_scope(organization.pk):
            due = VatCheck.objects.get().due_at
        assert due is not None
        assert drain_vat_checks(at=due) == 1

    def test_is_an_operation(self, register: Register, organization: Organization) -> None:
        """ORG-4, API-1"""
        number_is(organization, KNOWN)
        drain_vat_checks(at=AT)
        user = first_representative(organization).user
        secret = make_token(user, scopes=(Scope.ORGANIZATIONS_READ, Scope.ORGANIZATIONS_WRITE))[1]
        headers = {"authorization": f"Bearer {secret}"}
        path = f"/api/1/organizations/{organization.pk}/vat-check"
        answer = client_of(user).get(path, headers=headers).json()["data"]
        assert (answer["number"], answer["state"]) == (KNOWN, "valid")
        asked = client_of(user).post(path, headers=headers)
        task = asked.json()["data"]["task"]
        assert (asked.status_code, task["kind"], task["state"]) == (202, "vat_check", "pending")
        drain_vat_checks(at=now())
        read = f"/api/1/organizations/{organization.pk}/tasks/{task['id']}"
        result = client_of(user).get(read, headers=headers).json()["data"]["result"]
        assert client_of(user).get(result, headers=headers).json()["data"]["state"] == "valid"


def test_a_swiss_number_is_checked_by_its_form_alone() -> None:
    """ORG-4: the sheet says so."""
    organization = make_tenant(name="Muster AG", country="CH")
    number_is(organization, "CHE-107.787.577")
    assert latest(organization).number == SWISS
    assert latest(organization).state == "not_checked"
    assert drain_vat_checks(at=AT) == 0
    assert "no register that we can ask" in page_of(organization)


class TestTheSwissRegister:
    @pytest.fixture(autouse=True)
    def _swiss(self, register: Register, settings: Settings) -> None:
        settings.UID_API_BASE = f"{settings.VIES_API_BASE}/uid"
        settings.VAT_REGISTERS = {**settings.VAT_REGISTERS, "CH": "organizations.profile.uid.UidRegister"}

    def test_says_whether_a_number_is_one_of_vat(self, register: Register) -> None:
        """BIL-6: asked by the nine digits, whatever the ending; the answer is kept with its date."""
        organization = make_tenant(name="Muster AG", country="CH")
        number_is(organization, "CHE-107.787.577 TVA")
        assert drain_vat_checks(at=AT) == 1
        assert (latest(organization).state, latest(organization).answered_at) == ("valid", AT)
        assert register.asked == [{"uid": "CHE107787577"}]
        register.registered.clear()
        assert drain_vat_checks(at=AT + RECHECK_AFTER) == 1
        assert latest(organization).state == "not_valid"

    @pytest.mark.parametrize(
        "trouble",
        [
            {"error": "DOWN"},
            {"raw": b"<html>"},
            {"raw": b"<a/>"},
            {"raw": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
            {"raw": b" " * 100_000},
            {"status": 503},
        ],
        ids=["fault", "no_xml", "other_xml", "entities", "too_long", "unavailable"],
    )
    def test_is_asked_again_when_it_cannot_be_understood(
        self, register: Register, trouble: dict[str, Any]
    ) -> None:
        """BIL-6: no answer is none, neither yes nor no."""
        for name, value in trouble.items():
            setattr(register, name, value)
        organization = make_tenant(name="Muster AG", country="CH")
        number_is(organization, "CHE-107.787.577")
        assert drain_vat_checks(at=AT) == 0
        assert latest(organization).state == "unavailable"
