"""The chain of seals over an organization's audit log (ORG-16)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.audit.chain import START, digest_of, seal_events, verify_chain
from organizations.audit.models import AuditEvent, AuditSeal
from organizations.audit.periodic import drain_audit_seals
from organizations.audit.services import record_audit
from tests.factories.cast import AT, make_tenant

SOON = AT + timedelta(minutes=1)


@pytest.fixture
def organization():
    return make_tenant(name="Example AG")


def add(organization, number=1, **data):
    with tenant_scope(organization.pk):
        for index in range(number):
            record_audit(
                organization_id=organization.pk,
                name="product.renamed",
                actor=Actor.system("test"),
                at=AT,
                subject=organization,
                index=index,
                **data,
            )


def prove(organization):
    with tenant_scope(organization.pk):
        return verify_chain(organization_id=organization.pk)


def as_superuser(connection, statement, *values):
    """What nobody of the panel can do: change the tables past triggers and policies."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        return connection.execute(statement, values)


class TestSealing:
    def test_chains_each_event_to_the_one_before(self, organization):
        """ORG-16"""
        add(organization, 5)
        drain_audit_seals(at=SOON)
        with tenant_scope(organization.pk):
            seals = list(AuditSeal.objects.order_by("position").select_related("event"))
        assert [seal.position for seal in seals] == list(range(1, len(seals) + 1))
        previous = START
        for seal in seals:
            assert seal.digest == digest_of(seal.event, previous)
            previous = seal.digest

    def test_does_nothing_twice(self, organization):
        """ORG-16"""
        add(organization, 3)
        assert drain_audit_seals(at=SOON) > 0
        assert drain_audit_seals(at=SOON) == 0

    def test_goes_on_where_it_ended_past_a_thousand(self, organization):
        """ORG-16"""
        add(organization, 1005)
        while drain_audit_seals(at=SOON):
            pass
        report = prove(organization)
        assert (report.is_whole, report.waiting) == (True, 0)
        assert report.sealed >= 1005

    def test_keeps_the_chains_of_two_organizations_apart(self, organization):
        """ORG-17"""
        other = make_tenant(name="Other AG")
        add(organization, 2)
        add(other, 4)
        drain_audit_seals(at=SOON)
        assert prove(organization).sealed + 2 == prove(other).sealed

    def test_makes_one_chain_when_eight_work_at_once(self, organization):
        """ORG-16"""
        add(organization, 40)

        def seal(_number):
            try:
                return seal_events(organization_id=organization.pk, at=SOON)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            done = sum(pool.map(seal, range(8)))
        report = prove(organization)
        assert report.is_whole
        assert report.sealed == done


class TestTheProof:
    def test_finds_a_changed_event(self, organization, superuser_connection):
        """ORG-16"""
        add(organization, 5)
        drain_audit_seals(at=SOON)
        assert prove(organization).is_whole
        with tenant_scope(organization.pk):
            victim = AuditSeal.objects.get(position=3).event_id
        as_superuser(
            superuser_connection,
            "UPDATE organizations_auditevent SET actor_name = 'Somebody else' WHERE id = %s",
            victim,
        )
        assert prove(organization).broken_at == 3

    def test_finds_a_missing_event(self, organization, superuser_connection):
        """ORG-16"""
        add(organization, 5)
        drain_audit_seals(at=SOON)
        as_superuser(superuser_connection, "DELETE FROM organizations_auditseal WHERE position = 2")
        assert prove(organization).broken_at == 2

    def test_finds_an_event_whose_seal_was_taken_away(self, organization, superuser_connection):
        """ORG-16"""
        add(organization, 1)
        drain_audit_seals(at=SOON)
        add(organization, 1)
        as_superuser(superuser_connection, "DELETE FROM organizations_auditseal WHERE position IS NULL")
        assert not prove(organization).is_whole

    def test_finds_a_chain_written_anew_by_its_head(self, organization, superuser_connection):
        """ORG-16: whoever rewrites everything still cannot reach the digest that the customer kept."""
        add(organization, 3)
        drain_audit_seals(at=SOON)
        kept = prove(organization).head
        as_superuser(superuser_connection, "UPDATE organizations_auditevent SET name = 'x.y' WHERE true")
        as_superuser(
            superuser_connection, "UPDATE organizations_auditseal SET position = NULL, digest = '' WHERE true"
        )
        drain_audit_seals(at=SOON)
        report = prove(organization)
        assert report.is_whole
        assert report.head != kept

    def test_is_a_command_that_fails_loudly(self, organization, superuser_connection):
        """ORG-16"""
        add(organization, 3)
        drain_audit_seals(at=SOON)
        out = StringIO()
        call_command("verify_audit", stdout=out)
        assert f"ok      {organization.pk}" in out.getvalue()
        with tenant_scope(organization.pk):
            victim = AuditSeal.objects.get(position=1).event_id
        as_superuser(
            superuser_connection, "UPDATE organizations_auditevent SET data = '{}' WHERE id = %s", victim
        )
        as_superuser(
            superuser_connection,
            "UPDATE organizations_auditevent SET subject_name = '' WHERE id = %s",
            victim,
        )
        with pytest.raises(SystemExit):
            call_command("verify_audit", organization=organization.pk, stdout=StringIO())


@pytest.mark.parametrize("role", ["web", "worker", "system"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organizations_auditseal SET digest = repeat('0', 64) WHERE position = 1",
        "UPDATE organizations_auditseal SET position = NULL, digest = '' WHERE position = 1",
        "DELETE FROM organizations_auditseal WHERE position = 1",
        "DELETE FROM organizations_auditseal WHERE position IS NULL",
        "DELETE FROM organizations_auditevent",
        (
            "INSERT INTO organizations_auditseal (organization_id, event_id, position, digest) "
            "SELECT organization_id, event_id, 9, repeat('0', 64) FROM organizations_auditseal LIMIT 1"
        ),
    ],
)
def test_the_database_refuses_to_break_a_seal(organization, as_role, role, statement):
    """ORG-16"""
    drain_audit_seals(at=SOON)
    add(organization, 1)
    database = as_role(role)
    database.execute("BEGIN")
    database.execute("SELECT set_config('app.organization', %s, true)", [str(organization.pk)])
    with pytest.raises(psycopg.Error):
        database.execute(statement)
    database.execute("ROLLBACK")


def test_an_event_tells_what_was_acted_with_and_for_whom(organization):
    """ORG-16"""
    with tenant_scope(organization.pk):
        actor = Actor.system("x")
        actor = type(actor)(
            actor.kind, name="Nora", agent="Firefox", through="Support access", on_behalf_of="Anna"
        )
        record_audit(organization_id=organization.pk, name="product.renamed", actor=actor, at=AT)
        event = AuditEvent.objects.order_by("-id")[0]
    assert (event.through, event.on_behalf_of, event.agent) == ("Support access", "Anna", "Firefox")
