"""The audit log (ORG-16)."""

import csv
import io

import psycopg
import pytest

from accounts.users.models import User
from billing.refunds.models import Refund
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from organizations.audit.periodic import drain_audit_seals
from organizations.audit.services import record_audit
from tests.factories.cast import AT, client_of, make_tenant
from tests.factories.members import first_representative, invite
from tests.factories.tokens import token_client


@pytest.fixture
def organization():
    return make_tenant(name="Example AG")


@pytest.fixture
def client(organization):
    return client_of(first_representative(organization).user)


def add(organization, number):
    with tenant_scope(organization.pk):
        for index in range(number):
            record_audit(
                organization_id=organization.pk,
                name="product.renamed",
                actor=Actor.system("test"),
                at=AT,
                subject=organization,
                index=index,
            )


class TestThePage:
    def test_shows_what_was_done_by_whom(self, organization, client):
        """ORG-16"""
        invite(organization, "guest@example.com")
        page = client.get(f"/o/{organization.pk}/activity/").content.decode()
        assert "Invitation sent" in page
        assert first_representative(organization).user.name in page

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"name": "invitation.sent"}, 1),
            ({"q": "guest"}, 1),
            ({"since": "2026-01-11"}, 0),
            ({"until": "2026-01-09"}, 0),
            ({"since": "2026-01-10", "until": "2026-01-10"}, 2),
            ({"actor": "999999"}, 0),
        ],
    )
    def test_is_filtered(self, organization, client, query, count):
        """ORG-16"""
        invite(organization, "guest@example.com")
        assert len(client.get(f"/o/{organization.pk}/activity/", query).context["rows"]) == count

    @pytest.mark.parametrize(
        "query",
        [{"since": "yesterday"}, {"since": "9999-12-31"}, {"actor": "x"}, {"actor": "9" * 40}, {"q": "\x00"}],
    )
    def test_leaves_out_a_filter_that_it_does_not_know(self, organization, client, query):
        """Bad input is never a mistake of ours."""
        assert client.get(f"/o/{organization.pk}/activity/", query).status_code == 200

    def test_refuses_a_made_up_place(self, organization, client):
        """Bad input is never a mistake of ours."""
        assert client.get(f"/o/{organization.pk}/activity/", {"after": "x"}).status_code == 400

    def test_takes_the_same_queries_for_3_and_300_events(self, organization, client, query_count):
        """A list's queries do not grow with the list."""
        path, counts = f"/o/{organization.pk}/activity/", []
        client.get(path)
        for number in (3, 300):
            add(organization, number)
            with query_count() as seen:
                client.get(path)
            counts.append(seen.count)
        assert counts[0] == counts[1]

    def test_goes_on_by_page(self, organization, client):
        """UI-2"""
        add(organization, 40)
        path = f"/o/{organization.pk}/activity/"
        first = client.get(path).context["page"]
        second = client.get(path, {"after": first.next}).context["page"]
        assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
        assert min(row.pk for row in first.rows) > max(row.pk for row in second.rows)


class TestOneEvent:
    def test_is_shown_whole(self, organization, client):
        """ORG-16"""
        add(organization, 1)
        with tenant_scope(organization.pk):
            event = AuditEvent.objects.latest("pk")
        page = client.get(f"/o/{organization.pk}/activity/{event.pk}/").content.decode()
        assert "product.renamed" in page
        assert "Being sealed" in page
        drain_audit_seals(at=AT)
        assert "of the log" in client.get(f"/o/{organization.pk}/activity/{event.pk}/").content.decode()

    def test_of_another_organization_is_not_found(self, organization, client):
        """ORG-17"""
        other = make_tenant(name="Other AG")
        with tenant_scope(other.pk):
            event = AuditEvent.objects.latest("pk")
        assert client.get(f"/o/{organization.pk}/activity/{event.pk}/").status_code == 404


class TestTheExport:
    def test_holds_what_the_filter_shows(self, organization, client):
        """ORG-16"""
        invite(organization, "guest@example.com")
        add(organization, 3)
        path = f"/o/{organization.pk}/activity/export/"
        rows = list(csv.DictReader(io.StringIO(client.get(path, {"q": "guest"}).content.decode("utf-8-sig"))))
        assert [row["Event"] for row in rows] == ["invitation.sent"]
        assert len(client.get(path).content.splitlines()) > 3

    def test_lets_no_cell_be_a_formula(self, organization, client):
        """INC-31"""
        with tenant_scope(organization.pk):
            actor = Actor(
                ActorKind.PERSON, 1, "=HYPERLINK(1)", agent="@SUM(1)", through="+1", on_behalf_of="-1"
            )
            record_audit(organization_id=organization.pk, name="product.renamed", actor=actor, at=AT)
        text = client.get(f"/o/{organization.pk}/activity/export/").content.decode("utf-8-sig")
        row = next(csv.DictReader(io.StringIO(text)))
        assert row["Who"] == "'=HYPERLINK(1)"
        assert (row["Browser"], row["Through"], row["On behalf of"]) == ("'@SUM(1)", "'+1", "'-1")


def test_the_check_tells_that_the_log_is_whole(organization, client):
    """ORG-16"""
    drain_audit_seals(at=AT)
    page = client.get(f"/o/{organization.pk}/activity/check/")
    assert page.context["report"].is_whole
    assert page.context["report"].head in page.content.decode()


class TestTheAPI:
    def test_lists_filters_and_proves(self, organization):
        """ORG-16, API-1"""
        add(organization, 30)
        drain_audit_seals(at=AT)
        api = token_client(first_representative(organization).user, "organizations:read")
        path = f"/api/1/organizations/{organization.pk}/audit"
        first = api.get(path, {"filter[name]": "product.renamed"}).json()
        assert len(first["data"]) == 25
        assert first["data"][0]["digest"]
        second = api.get(path, {"filter[name]": "product.renamed", "after": first["next"]}).json()
        assert len(second["data"]) == 5
        chain = api.get(f"{path}/chain").json()["data"]
        assert (chain["is_whole"], chain["waiting"]) == (True, 0)

    def test_tells_a_wrong_filter(self, organization):
        """API-4"""
        api = token_client(first_representative(organization).user, "organizations:read")
        answer = api.get(f"/api/1/organizations/{organization.pk}/audit", {"filter[since]": "yesterday"})
        assert answer.status_code == 422
        assert "filter[since]" in answer.json()["error"]["context"]["fields"]


def test_the_database_refuses_to_change_or_delete_an_event(organization, as_role):
    """ORG-16"""
    with tenant_scope(organization.pk):
        event = AuditEvent.objects.first()
    for role in ("web", "worker", "system"):
        database = as_role(role)
        for statement in (
            "UPDATE organizations_auditevent SET name = 'x' WHERE id = %s",
            "DELETE FROM organizations_auditevent WHERE id = %s",
        ):
            database.execute("BEGIN")
            database.execute("SELECT set_config('app.organization', %s, true)", [str(organization.pk)])
            with pytest.raises(psycopg.Error, match="append_only"):
                database.execute(statement, [event.pk])
            database.execute("ROLLBACK")


class TestAmounts:
    @pytest.mark.parametrize(
        ("language", "written"), [("en", "CHF\xa05.00"), ("de", "5,00\xa0CHF"), ("fr", "5,00\xa0CHF")]
    )
    def test_are_money_in_the_language_of_the_reader(self, organization, client, language, written):
        """ORG-16, UI-4: in the list, on the home page, at the event, and in the table of all."""
        refund = Refund(pk=7, amount=500, currency="CHF")
        with tenant_scope(organization.pk):
            event = record_audit(
                organization_id=organization.pk,
                name="refund.begun",
                actor=Actor.system("test"),
                at=AT,
                subject=refund,
                amount=500,
                invoice=500,
            )
        User.objects.filter(pk=first_representative(organization).user.pk).update(language=language)
        for page in ("", "export/", f"{event.pk}/"):
            shown = client.get(f"/o/{organization.pk}/activity/{page}").content.decode()
            assert written in shown
            assert "refund of" not in shown
        assert ">500<" in shown, "the number of the invoice is no amount"
        assert written in client.get(f"/o/{organization.pk}/").content.decode()

    def test_of_old_and_new_sums_are_money_and_names_stay_names(self, organization, client):
        """BIL-6, ORG-16: what was before and after is an amount at a VAT that was computed anew alone."""
        facts = {"before": 10_000, "after": 10_810, "currency": "EUR"}
        with tenant_scope(organization.pk):
            events = [
                record_audit(
                    organization_id=organization.pk, name=name, actor=Actor.system("test"), at=AT, **facts
                )
                for name in ("invoice.vat_updated", "membership.role_changed")
            ]
        told, untold = (
            client.get(f"/o/{organization.pk}/activity/{event.pk}/").content.decode() for event in events
        )
        assert "€108.10" in told
        assert "10810" in untold
