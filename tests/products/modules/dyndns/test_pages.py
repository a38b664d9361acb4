"""DynDNS names on their pages and over the API (PRD-12, API-1)."""

import re

import pytest
from django.test import Client

from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.audit.models import AuditEvent
from products.modules.domain.models import Domain
from products.modules.dyndns.models import DynamicHost
from products.modules.dyndns.services import hosts
from tests.factories.cast import make_person, make_tenant
from tests.factories.tokens import token_client
from tests.factories.transfers import accept, offer
from tests.factories.zones import drop_dyndns, make_dynamic_host, put, record
from tests.products.modules.dyndns.test_update import ask, words


def test_a_name_is_added_its_key_is_shown_once_and_it_goes(alice: Client, domain: Domain, base: str) -> None:
    """PRD-12: from the page to the device's first word, another key, the end; each in the audit log."""
    page = alice.post(base, {"name": "home"}).content.decode()
    (key,) = re.findall(r">\s*([\w-]{24})\s*<", page)
    row = DynamicHost.objects.using("system").get()
    assert words(ask(row.user_name, key, hostname="home.example.ch", myip="192.0.2.7")).startswith("good")
    page = alice.get(base).content.decode()
    assert "192.0.2.7" in page
    assert key not in page
    assert "former key" in alice.get(f"{base}{row.pk}/key/").content.decode()
    assert key not in alice.post(f"{base}{row.pk}/key/").content.decode()
    assert ask(row.user_name, key, hostname="home.example.ch").status_code == 401
    alice.get(f"{base}{row.pk}/remove/")
    alice.post(f"{base}{row.pk}/remove/")
    assert not DynamicHost.objects.using("system").exists()
    names = AuditEvent.objects.using("system").filter(name__startswith="domain.dynamic").order_by("pk")
    assert list(names.values_list("name", flat=True)) == [
        "domain.dynamic_host_added",
        "domain.dynamic_key_renewed",
        "domain.dynamic_host_removed",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("home", "there already"),
        ("www", "alias"),
        ("a b", "such as home"),
        ("x.example.com.", "such as home"),
    ],
    ids=["twice", "alias", "no name", "foreign"],
)
def test_refuses_a_name(alice: Client, domain: Domain, base: str, name: str, text: str) -> None:
    """PRD-12: beside the field, 422."""
    make_dynamic_host(domain)
    answer = alice.post(base, {"name": name})
    assert answer.status_code == 422
    assert text in answer.content.decode()


def test_only_where_it_is_bought_and_for_who_manages(
    alice: Client, carla: Client, domain: Domain, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PRD-12: who may only view sees the names and no way to change them; without the option nobody adds."""
    row, _key = make_dynamic_host(domain)
    assert "Add a name" not in carla.get(base).content.decode()
    assert carla.post(base, {"name": "shop"}).status_code == 403
    assert carla.get(f"{base}{row.pk}/key/").status_code == 403
    assert alice.get(f"{base}{row.pk + 1}/key/").status_code == 404
    monkeypatch.setattr(hosts, "MOST_HOSTS", 1)
    assert "at most 1 DynDNS" in alice.post(base, {"name": "shop"}).content.decode()
    drop_dyndns(domain)
    assert "not part of this offer" in alice.get(base).content.decode()
    assert alice.post(base, {"name": "shop"}).status_code == 422


def test_the_api_does_what_the_pages_do(owner, domain: Domain) -> None:
    """API-1: add with its key, list, look, another key, remove."""
    api = token_client(owner, "products:read", "products:write")
    path = f"/api/1/organizations/{domain.organization_id}/products/{domain.product_id}/domain/dynamic-hosts"
    made = api.post(path, {"name": "cellar"}, content_type="application/json")
    assert made.status_code == 201
    told = made.json()["data"]
    assert (told["name"], told["host"], told["addresses"]) == ("cellar", "cellar.example.ch", [])
    put(domain, record(domain, "A", "cellar", "192.0.2.5"))
    (listed,) = api.get(path).json()["data"]
    assert (listed["user"], listed["addresses"]) == (told["user"], ["192.0.2.5"])
    assert "key" not in listed
    one = f"{path}/{told['id']}"
    assert api.get(one).json()["data"] == listed
    assert api.post(f"{one}/key").json()["data"]["key"] != told["key"]
    assert api.delete(one).status_code == 200
    assert api.get(one).status_code == 404


def test_devices_of_the_giver_know_nothing_of_a_domain_that_was_handed_over(
    domain: Domain, organization
) -> None:
    """PRD-12, ORG-8: keys do not travel."""
    row, key = make_dynamic_host(domain)
    with tenant_scope(organization.pk):
        transfer = offer(domain.product, at=now())
    accept(transfer, make_tenant(make_person("Bruno Keller")), at=now())
    drain_outbox(at=now())
    assert ask(row.user_name, key, hostname="home.example.ch").status_code == 401
    assert not DynamicHost.objects.using("system").exists()
