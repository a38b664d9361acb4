"""The audit log (ORG-16)."""

import psycopg
import pytest

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from organizations.audit.services import record_audit
from tests.factories.cast import AT, client_of, make_tenant
from tests.factories.members import first_representative, invite


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
