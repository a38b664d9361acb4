"""Routers tell their address in the words of dyndns2 (PRD-12)."""

import base64
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from products.inventory.models import Product
from products.modules.domain.models import Domain, ZoneVersion
from products.modules.dyndns.models import DynamicHost
from products.modules.dyndns.services import renew_key
from products.modules.dyndns.views import update
from tests.factories.products import ACTOR
from tests.factories.zones import (
    buy_dyndns,
    carry_out,
    drop_dyndns,
    make_dynamic_host,
    put,
    record,
    reread_domain,
)

NAME = "home.example.ch"


def ask(user: str, key: str, **query: str) -> Any:
    """Return the answer to a device."""
    credential = base64.b64encode(f"{user}:{key}".encode()).decode()
    headers = {"authorization": f"Basic {credential}", "user-agent": "Router/1.0"}
    return Client(headers=headers).get(reverse("products:dyndns_update"), query)


def words(answer: Any) -> str:
    assert answer["Content-Type"].startswith("text/plain")
    assert "no-store" in answer["Cache-Control"]
    return str(answer.content.decode().strip())


def addresses_of(domain: Domain, name: str = "home") -> list[tuple[str, str, int]]:
    zone = reread_domain(domain).zone()
    return sorted((one.type, one.data, one.ttl) for one in zone if one.name == name)


@pytest.fixture
def host(domain: Domain, at: datetime) -> tuple[str, str]:
    """The user name and the key of `home`."""
    row, key = make_dynamic_host(domain, at=at)
    return row.user_name, key


def test_a_router_tells_its_address_and_the_zone_follows(
    domain: Domain, host: tuple[str, str], at: datetime
) -> None:
    """PRD-12: good, nochg, both families; published, logged once per change, other records untouched."""
    put(domain, record(domain, "TXT", "home", "hello"))
    assert words(ask(*host, hostname=NAME, myip="192.0.2.7")) == "good 192.0.2.7"
    assert words(ask(*host, hostname=NAME.upper() + ".", myip="192.0.2.7")) == "nochg 192.0.2.7"
    assert words(ask(*host, hostname=NAME, myip="192.0.2.8,2001:DB8::1")) == "good 192.0.2.8,2001:db8::1"
    assert words(ask(*host, hostname=NAME, myipv6="2001:db8::2")) == "good 2001:db8::2"
    assert [one[:2] for one in addresses_of(domain)] == [
        ("A", "192.0.2.8"),
        ("AAAA", "2001:db8::2"),
        ("TXT", '"hello"'),
    ]
    assert addresses_of(domain)[0][2] == 60
    events = AuditEvent.objects.using("system").filter(name="domain.zone_changed", actor_name="DynDNS")
    assert events.count() == 3
    row = DynamicHost.objects.using("system").get()
    assert (row.told_by, row.told_at is not None) == ("Router/1.0", True)
    carry_out(at=at)
    assert reread_domain(domain).is_published


def test_without_an_address_that_of_the_connection_counts(host: tuple[str, str]) -> None:
    """PRD-12: most routers send none."""
    credential = base64.b64encode(":".join(host).encode()).decode()
    client = Client(headers={"authorization": f"Basic {credential}"}, REMOTE_ADDR="203.0.113.9")
    answer = client.get(reverse("products:dyndns_update"), {"hostname": NAME})
    assert words(answer) == "good 203.0.113.9"


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({}, "notfqdn"),
        ({"hostname": "shop.example.ch"}, "nohost"),
        ({"hostname": "home.example.com"}, "nohost"),
        ({"hostname": f"{NAME},shop.example.ch"}, "good 192.0.2.7\nnohost"),
        ({"hostname": f"{NAME},{NAME.upper()}"}, "good 192.0.2.7\ngood 192.0.2.7"),
        ({"hostname": ",".join(["a.example.ch"] * 21)}, "numhost"),
        ({"hostname": NAME, "myip": "127.0.0.1"}, "dnserr"),
        ({"hostname": NAME, "myip": "fe80::1"}, "dnserr"),
        ({"hostname": NAME, "myip": "192.0.2.7,192.0.2.8"}, "dnserr"),
        ({"hostname": NAME, "myip": "home\x00; DROP TABLE"}, "dnserr"),
    ],
    ids=["none", "other", "foreign", "two", "twice", "many", "loopback", "link-local", "two-v4", "garbage"],
)
def test_what_cannot_be_is_answered_in_a_word(
    domain: Domain, host: tuple[str, str], query: dict[str, str], word: str
) -> None:
    """PRD-12: a name of one key is no key of another one; strange input is answered, never a 500."""
    answer = ask(*host, **{"myip": "192.0.2.7", **query})
    assert (answer.status_code, words(answer)) == (200, word)
    assert bool(addresses_of(domain)) == ("good" in word)


def test_a_wrong_key_changes_nothing_and_is_limited(
    domain: Domain, host: tuple[str, str], at: datetime
) -> None:
    """PRD-12, INC-12: badauth; what is right gives its try back; after twenty wrong ones nobody is asked."""
    user, key = host
    row, _key = make_dynamic_host(domain, "cellar", at=at)
    organization_id = domain.organization_id
    wrong = [(user, "wrong"), (row.user_name, key), ("x", key), (f"{organization_id + 1}-1", key), ("", "")]
    for pair in wrong:
        answer = ask(*pair, hostname=NAME, myip="192.0.2.7")
        assert (answer.status_code, words(answer)) == (401, "badauth")
        assert answer["WWW-Authenticate"].startswith("Basic")
    assert words(ask(*host, hostname=NAME, myip="192.0.2.7")) == "good 192.0.2.7"
    for _number in range(update.WRONG_KEYS - len(wrong)):
        ask(user, "wrong", hostname=NAME)
    answer = ask(*host, hostname=NAME, myip="192.0.2.9")
    assert (answer.status_code, words(answer)) == (429, "abuse")
    assert addresses_of(domain)[0][1] == "192.0.2.7"


def test_a_device_that_talks_too_much_is_told_to_wait(
    host: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PRD-12: a limit for each name, also for what changes nothing."""
    monkeypatch.setattr(update, "UPDATES_PER_HOUR", 2)
    answers = [ask(*host, hostname=NAME, myip="192.0.2.7") for _number in range(3)]
    assert [words(answer).split()[0] for answer in answers] == ["good", "nochg", "abuse"]
    assert int(answers[2]["Retry-After"]) > 0


def test_a_name_given_many_times_is_told_once(host: tuple[str, str], query_count: Any) -> None:
    """PRD-12: twenty times the same name cost what one costs."""
    ask(*host, hostname=NAME, myip="192.0.2.7")
    with query_count() as once:
        ask(*host, hostname=NAME, myip="192.0.2.8")
    with query_count() as often:
        answer = ask(*host, hostname=",".join([NAME] * 20), myip="192.0.2.9")
    assert words(answer).splitlines() == ["good 192.0.2.9"] * 20
    assert len(often.statements) == len(once.statements)


def test_only_where_it_is_bought_and_while_the_domain_is_active(
    domain: Domain, host: tuple[str, str], at: datetime
) -> None:
    """PRD-12: the option ends, the domain is suspended, the key is exchanged: the former one is nothing."""
    drop_dyndns(domain)
    assert words(ask(*host, hostname=NAME, myip="192.0.2.7")) == "!donator"
    buy_dyndns(domain)
    Product.objects.using("system").filter(pk=domain.product_id).update(status="suspended")
    assert words(ask(*host, hostname=NAME, myip="192.0.2.7")) == "nohost"
    Product.objects.using("system").filter(pk=domain.product_id).update(status="active")
    with tenant_scope(domain.organization_id):
        row = DynamicHost.objects.get()
        renewed = renew_key(domain=domain, host_id=row.pk, actor=ACTOR, at=at)
    assert ask(*host, hostname=NAME).status_code == 401
    assert words(ask(row.user_name, renewed[1], hostname=NAME, myip="192.0.2.7")) == "good 192.0.2.7"
    assert renewed[1] not in repr(DynamicHost.objects.using("system").values())


def test_addresses_that_change_each_night_push_out_nothing_that_people_did(
    domain: Domain, host: tuple[str, str]
) -> None:
    """PRD-12: of what devices told, the last ten versions are kept, beside those of people."""
    for number in range(1, 13):
        ask(*host, hostname=NAME, myip=f"192.0.2.{number}")
    changes = ZoneVersion.objects.using("system").order_by("number").values_list("change", flat=True)
    assert list(changes) == ["begun"] + ["device"] * 10
