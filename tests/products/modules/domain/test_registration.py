"""What the registry is told: name servers, contacts, the lock, the auth code (PRD-2, PRD-12)."""

import re
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from django.db import connections
from django.test import Client

from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from products.inventory.services import terminate_product
from products.modules.domain.models import Domain
from products.modules.domain.services import make_auth_code
from products.modules.domain.services.secret import TransferLocked
from products.provisioning.models import PlannedFault, ServiceAction
from tests.factories.cast import make_member
from tests.factories.products import ACTOR
from tests.factories.zones import carry_out, reread_domain, states_of
from tests.fixtures.waiting import count_waiting, wait_until

OWN = {
    "choice": "own",
    "host_1": "ns1.example.ch",
    "addresses_1": "192.0.2.53, 2001:db8::53",
    "host_2": "ns.example.org",
}
ZURICH = {
    "choice": "own",
    "name": "Weber AG",
    "street": "Bahnhofstrasse 1",
    "postal_code": "8001",
    "city": "Zürich",
    "country": "CH",
    "email": "domains@weber.example",
    "phone": "+41 44 668 18 00",
}


def mails(template: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.using("system").filter(template=template).order_by("pk"))


def test_other_name_servers_are_pending_until_the_registry_has_taken_them(
    alice: Client, domain: Domain, base: str
) -> None:
    """PRD-2: asked, told by mail, in force when carried out, ours again by one choice."""
    page = alice.post(f"{base}name-servers/", OWN, follow=True).content.decode()
    assert "Pending" in page
    assert reread_domain(domain).name_servers == []
    drain_outbox(at=now())
    (mail,) = mails("domain_name_servers")
    assert "ns1.example.ch, ns.example.org" in mail.text
    carry_out(at=now())
    assert reread_domain(domain).name_servers == [
        {"host": "ns1.example.ch", "addresses": ["192.0.2.53", "2001:db8::53"]},
        {"host": "ns.example.org", "addresses": []},
    ]
    assert "Nobody asks for this zone now" in alice.get(f"{base}dns/").content.decode()
    alice.post(f"{base}name-servers/", {"choice": "ours"})
    carry_out(at=now())
    assert reread_domain(domain).name_servers == []


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"host_2": ""}, "name of a name server"),
        ({"host_2": "ns1.example.ch", "addresses_2": "192.0.2.1"}, "there already"),
        ({"host_2": "192.0.2.1"}, "name of a name server"),
        ({"addresses_1": ""}, "needs its addresses"),
        ({"addresses_2": "192.0.2.1"}, "Only name servers inside"),
        ({"addresses_1": "127.0.0.1"}, "Nobody can reach"),
        ({"addresses_1": "nonsense"}, "IP addresses"),
    ],
    ids=["one alone", "twice", "an address", "no glue", "glue outside", "loopback", "garbage"],
)
def test_refuses_name_servers(
    alice: Client, domain: Domain, base: str, fields: dict[str, str], text: str
) -> None:
    """PRD-2: two to thirteen hosts; glue for those inside the domain and for no others."""
    answer = alice.post(f"{base}name-servers/", {**OWN, **fields})
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert states_of(domain) == {}


def test_what_fails_is_shown_and_a_new_wish_replaces_it(
    alice: Client, domain: Domain, base: str, at: datetime
) -> None:
    """PRD-2: pending, done, failed; staff cannot bring back what is wanted differently now."""
    fault = PlannedFault.objects.create(operation="set-name-servers", remaining=1, message="No.")
    alice.post(f"{base}name-servers/", OWN)
    carry_out(at=now())
    alice.post(f"{base}name-servers/", {**OWN, "host_2": "ns2.example.org"})
    asked = ServiceAction.objects.using("system").get(product_id=domain.product_id, slug="set-name-servers")
    assert (asked.attempts, asked.parameters["servers"][1]["host"]) == (0, "ns2.example.org")
    ServiceAction.objects.using("system").filter(pk=asked.pk).update(status="running", attempts=5)
    assert alice.post(f"{base}name-servers/", OWN).status_code == 422
    ServiceAction.objects.using("system").filter(pk=asked.pk).update(
        status="failed", due_at=None, closed_at=at
    )
    assert "Failed" in alice.get(f"{base}name-servers/").content.decode()
    fault.delete()
    alice.post(f"{base}name-servers/", OWN)
    carry_out(at=now())
    found = ServiceAction.objects.using("system").filter(
        product_id=domain.product_id, slug="set-name-servers"
    )
    assert sorted(found.values_list("status", flat=True)) == ["cancelled", "done"]
    assert reread_domain(domain).name_servers[1]["host"] == "ns.example.org"


def test_contacts_are_the_organizations_until_others_are_chosen(
    alice: Client, domain: Domain, base: str
) -> None:
    """PRD-2: four roles, each with the organization's data by default; checked by the country's rules."""
    page = alice.get(f"{base}contacts/").content.decode()
    for text in ("Owner", "Administrative contact", "Technical contact", "Billing contact"):
        assert text in page
    path = f"{base}contacts/technical/"
    for fields, text in (
        ({"postal_code": "80011"}, "looks like 8001"),
        ({"email": "nobody"}, "mail address"),
        ({"phone": "12"}, "phone number"),
        ({"name": ""}, "fill this in"),
        ({"country": ""}, "fill this in"),
    ):
        answer = alice.post(path, {**ZURICH, **fields})
        assert answer.status_code == 422, fields
        assert text in answer.content.decode(), fields
    assert alice.post(path, ZURICH).status_code == 302
    assert reread_domain(domain).contacts == {}
    carry_out(at=now())
    assert reread_domain(domain).contacts["technical"]["phone"] == "+41446681800"
    alice.post(path, {"choice": "organization"})
    carry_out(at=now())
    assert reread_domain(domain).contacts == {}
    assert alice.get(f"{base}contacts/nonsense/").status_code == 404


def test_the_auth_code_is_shown_once_after_a_proof_to_who_leads(
    alice: Client, carla: Client, organization: Organization, domain: Domain, base: str
) -> None:
    """PRD-2, ACC-8: not while locked; stored sealed until the registry has it; the others get a mail."""
    make_member(organization, Role.ADMINISTRATOR, name="Bea Frei")
    path = f"{base}domain-transfer/code/"
    assert "/prove/" in alice.get(path)["Location"]
    session = alice.session
    session["proved_at"] = time.time()
    session.save()
    assert alice.post(path).status_code == 409
    alice.post(f"{base}domain-transfer/", {"locked": "off"})
    carry_out(at=now())
    assert not reread_domain(domain).is_locked
    assert alice.get(path).status_code == 200
    answer = alice.post(path)
    code = shown_code(answer)
    assert "no-store" in answer["Cache-Control"]
    # Sent when the proof was over: after a new one the page is there again, and nothing was made meanwhile.
    session["proved_at"] = time.time() - 16 * 60
    session.save()
    assert parse_qs(urlsplit(alice.post(path)["Location"]).query)["next"] == [path]
    session["proved_at"] = time.time()
    session.save()
    stored = ServiceAction.objects.using("system").get(product_id=domain.product_id, slug="set-auth-code")
    assert code not in str(stored.parameters)
    assert code not in alice.get(path).content.decode()
    drain_outbox(at=now())
    (mail,) = mails("domain_auth_code")
    assert mail.recipient != "alice"
    assert "Bea" in mail.text
    assert code not in mail.text + mail.html
    carry_out(at=now())
    stored.refresh_from_db(using="system")
    assert (stored.status, stored.parameters) == ("done", {})
    events = AuditEvent.objects.using("system").filter(name="domain.auth_code_made")
    assert [code in str(event.data) for event in events] == [False]
    assert carla.get(path).status_code == 403
    assert carla.post(f"{base}domain-transfer/", {"locked": "off"}).status_code == 403


def test_a_code_waits_for_a_lock_that_is_being_set(
    domain: Domain, as_role: Callable[[str], psycopg.Connection], superuser_connection: psycopg.Connection
) -> None:
    """PRD-2: who asks at the same moment gets none, as the lock's row is read under its lock."""
    Domain.objects.using("system").filter(pk=domain.pk).update(is_locked=False)
    others = as_role("system")
    outcome: list[object] = []

    def ask() -> None:
        try:
            with tenant_scope(domain.organization_id):
                outcome.append(make_auth_code(domain=domain, user_id=0, actor=ACTOR, at=now()))
        except TransferLocked as refusal:
            outcome.append(refusal)
        finally:
            connections.close_all()

    asking = threading.Thread(target=ask)
    with others.transaction():
        others.execute("update products_domain set is_locked = true where id = %s", [domain.pk])
        asking.start()
        wait_until(lambda: not asking.is_alive() or count_waiting(superuser_connection))
    asking.join()
    assert [type(one) for one in outcome] == [TransferLocked]


def shown_code(answer: Any) -> str:
    found = re.search(r"data-copy-source>([^<]{16})</pre>", answer.content.decode())
    assert found is not None
    return found[1]


def test_a_domain_that_has_ended_offers_nothing_of_this(alice: Client, domain: Domain, base: str) -> None:
    """PRD-9: it is nobody's here any more, so its page has neither zone nor lock."""
    assert f"{base}dns/" in alice.get(base).content.decode()
    with tenant_scope(domain.organization_id):
        terminate_product(product=domain.product, actor=ACTOR, at=now())
    page = alice.get(base)
    assert page.status_code == 200
    assert f"{base}dns/" not in page.content.decode()
    assert "Transfer lock" not in page.content.decode()
