"""The zone editor as its users see it (PRD-2)."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from products.modules.domain.models import Domain, ZoneVersion
from tests.factories.zones import carry_out, put, record, reread_domain, states_of

FIELDS = {"type": "A", "name": "shop", "value": "192.0.2.9", "ttl": "3600", "priority": ""}


def post(client: Client, path: str, **fields: Any) -> Any:
    return client.post(path, {**FIELDS, **fields})


def contents(domain: Domain) -> set[tuple[str, str, str]]:
    return {one.key for one in reread_domain(domain).zone()}


def test_a_new_domain_has_a_zone_that_is_published(
    alice: Client, domain: Domain, base: str, at: datetime
) -> None:
    """PRD-2: made at registration, handed to the name servers, shown with its state."""
    carry_out(at=at)
    assert states_of(domain) == {"set-zone": "done"}
    assert reread_domain(domain).is_published
    page = alice.get(f"{base}dns/").content.decode()
    for text in ("Published", "192.0.2.80", "mail.manager.example", "v=spf1 mx ~all", "CNAME"):
        assert text in page
    assert "Open the zone" in alice.get(base).content.decode()


def test_a_record_is_added_edited_and_deleted(alice: Client, domain: Domain, base: str, at: datetime) -> None:
    """PRD-2: each change is a version with a higher serial number."""
    carry_out(at=at)
    first = reread_domain(domain)
    assert post(alice, f"{base}dns/add/").status_code == 302
    added = next(one for one in reread_domain(domain).zone() if one.name == "shop")
    assert "Being published" in alice.get(f"{base}dns/").content.decode()
    path = f"{base}dns/records/{added.id}/"
    assert "192.0.2.9" in alice.get(path).content.decode()
    assert post(alice, path, value="192.0.2.10", ttl="300").status_code == 302
    assert ("shop", "A", "192.0.2.10") in contents(domain)
    asked = alice.get(f"{base}dns/delete/?selected={added.id}").content.decode()
    assert "Delete 1 record?" in asked
    assert alice.post(f"{base}dns/delete/", {"selected": added.id, "confirmed": "on"}).status_code == 302
    assert contents(domain) == {one.key for one in first.zone()}
    last = reread_domain(domain)
    assert (last.version, last.serial) == (first.version + 3, first.serial + 3)
    carry_out(at=at)
    assert reread_domain(domain).is_published


def test_many_are_deleted_at_once_after_a_question(alice: Client, domain: Domain, base: str) -> None:
    """PRD-9: the selection of the list asks first, then all or none go."""
    put(domain, record(domain, "A", "a", "192.0.2.1"), record(domain, "A", "b", "192.0.2.2"))
    ids = [one.id for one in reread_domain(domain).zone() if one.name in {"a", "b"}]
    version = reread_domain(domain).version
    question = alice.post(f"{base}dns/delete/", {"selected": ids, "version": version})
    assert question.status_code == 200
    assert reread_domain(domain).version == version
    alice.post(f"{base}dns/delete/", {"selected": ids, "version": version, "confirmed": "on"})
    assert not {"a", "b"} & {one.name for one in reread_domain(domain).zone()}


def test_refuses_beside_the_field(alice: Client, domain: Domain, base: str) -> None:
    """PRD-2: each wrong record says where and why."""
    for fields, text in (
        ({"value": "192.0.2.999"}, "An IPv4 address"),
        ({"type": "AAAA"}, "An IPv6 address"),
        ({"type": "CNAME", "name": "", "value": "example.com"}, "cannot be an alias"),
        ({"name": "www"}, "stands alone"),
        ({"type": "MX", "value": "192.0.2.1", "priority": "10"}, "not an address"),
        ({"ttl": "5"}, "greater than or equal to 60"),
        ({"name": "a..b"}, "Please enter a name"),
        ({"type": "NS", "name": "", "value": "ns1.example.com"}, "page of the name servers"),
        ({"type": "LOC"}, "not one of the available choices"),
    ):
        answer = post(alice, f"{base}dns/add/", **fields)
        assert answer.status_code == 422, fields
        assert text in answer.content.decode(), fields
    assert reread_domain(domain).version == 1


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    alice: Client, domain: Domain, base: str
) -> None:
    """PRD-2: what was typed stands there still, with who was first; sent again it is taken."""
    put(domain, record(domain, "TXT", "note", "one"))
    number = next(one.id for one in reread_domain(domain).zone() if one.name == "note")
    path, old = f"{base}dns/records/{number}/", reread_domain(domain).version
    post(alice, f"{base}dns/add/", version=old)
    mine = {"type": "TXT", "name": "note", "value": "two words", "version": old}
    answer = post(alice, path, **mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "changed meanwhile" in page
    assert "Alice Meier" in page
    assert "two words" in page
    assert ("shop", "A", "192.0.2.9") in contents(domain)
    assert post(alice, path, **{**mine, "version": reread_domain(domain).version}).status_code == 302
    alice.post(f"{base}dns/delete/", {"selected": number, "confirmed": "on"})
    told = post(alice, path, **{**mine, "version": old})
    assert "deleted this record" in told.content.decode()
    post(alice, path, **{**mine, "version": reread_domain(domain).version})
    assert ("note", "TXT", '"two words"') in contents(domain)


def test_search_and_filter_find_records(alice: Client, domain: Domain, base: str) -> None:
    """UI-2: by a part of name or value, and by type."""
    put(domain, record(domain, "A", "müller", "192.0.2.77"))
    assert "192.0.2.77" in alice.get(f"{base}dns/?q=Müller").content.decode()
    assert "192.0.2.77" not in alice.get(f"{base}dns/?q=spf1").content.decode()
    assert "192.0.2.77" not in alice.get(f"{base}dns/?type=TXT").content.decode()
    assert alice.get(f"{base}dns/?type=nonsense").status_code == 400
    assert "No record matches" in alice.get(f"{base}dns/?q=zzz").content.decode()


def test_a_file_is_exported_changed_previewed_and_imported(alice: Client, domain: Domain, base: str) -> None:
    """PRD-2: nothing changes before the differences were seen; what cannot be read is told by line."""
    text = alice.get(f"{base}dns/export/").content.decode()
    assert "IN SOA ns1.manager.example." in text
    changed = text.replace("www 3600 IN CNAME example.ch.", "blog 600 IN A 192.0.2.55")
    upload = SimpleUploadedFile("example.zone", changed.encode())
    preview = alice.post(f"{base}dns/import/", {"file": upload}).content.decode()
    for expected in ("Added", "blog", "Removed", "www", "Left out"):
        assert expected in preview
    assert reread_domain(domain).version == 1
    broken = alice.post(f"{base}dns/import/", {"text": "www A 192.0.2.1 )\n", "confirmed": "on"})
    assert broken.status_code == 422
    assert "near line 1" in broken.content.decode()
    late = alice.post(f"{base}dns/import/", {"text": changed, "confirmed": "on", "version": "0"})
    assert late.status_code == 422
    alice.post(f"{base}dns/import/", {"text": changed, "confirmed": "on", "version": "1"})
    assert ("blog", "A", "192.0.2.55") in contents(domain)
    assert not [key for key in contents(domain) if key[0] == "www"]


def test_an_earlier_version_is_shown_and_brought_back(alice: Client, domain: Domain, base: str) -> None:
    """PRD-2: the history keeps versions; restoring one is a new version."""
    before = contents(domain)
    post(alice, f"{base}dns/add/")
    history = alice.get(f"{base}dns/history/").content.decode()
    assert "Zone set up" in history
    assert "Record added" in history
    assert "192.0.2.9" in alice.get(f"{base}dns/history/1/").content.decode()
    assert alice.post(f"{base}dns/history/1/", {"version": "1"}).status_code == 422
    alice.post(f"{base}dns/history/1/", {"version": "2"})
    assert contents(domain) == before
    kept = ZoneVersion.objects.using("system").filter(product_id=domain.product_id)
    assert [row.number for row in kept.order_by("number")] == [1, 2, 3]
    assert alice.get(f"{base}dns/history/99/").status_code == 404


def test_who_may_only_view_changes_nothing(carla: Client, domain: Domain, base: str) -> None:
    """ORG-13: pages are seen, buttons say why not, requests are refused."""
    assert carla.get(f"{base}dns/").status_code == 200
    for path in (
        "dns/add/",
        "dns/records/1/",
        "dns/delete/",
        "dns/import/",
        "dns/history/1/",
        "name-servers/",
    ):
        assert post(carla, f"{base}{path}").status_code == 403, path
    assert reread_domain(domain).version == 1
