"""Long work that somebody started, and who sees how far it is (API-1)."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.users.models import User
from billing.archives.periodic import drain_archives
from manager.kit.actor import Actor, ActorKind
from manager.kit.clock import now
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from organizations.access.decisions import find_access
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.profile.models import Organization, VatCheck
from organizations.progress.api import started
from organizations.progress.models import Task
from organizations.progress.periodic import drain_old_tasks
from organizations.progress.services import KEPT, begin_task
from products.provisioning.models import PlannedFault, ServiceAction
from products.provisioning.operations import MAX_ACTION_ATTEMPTS
from products.provisioning.periodic import drain_provisioning
from tests.factories.billing import make_invoice, make_legal_entity, pay_invoice
from tests.factories.cast import grant, make_member, make_person, make_tenant
from tests.factories.services import make_served
from tests.factories.tokens import token_client

SCOPES = ("organizations:read", "billing:read", "products:read", "products:write", "organizations:write")
RESTART = {"action": "restart"}
NOVEMBER = {"first": "2026-11-01", "last": "2026-11-30"}


@pytest.fixture
def owner() -> User:
    return make_person()


@pytest.fixture
def organization(owner: User) -> Organization:
    make_legal_entity()
    return make_tenant(owner)


def start(client: Client, organization: Organization, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Start long work; return its task."""
    answer = client.post(
        f"/api/1/organizations/{organization.pk}/{path}", body, content_type="application/json"
    )
    told = answer.json()
    assert (answer.status_code, told["result"], list(told["data"])) == (202, "asynchronous", ["task"]), told
    task: dict[str, Any] = told["data"]["task"]
    return task


def seen(client: Client, organization: Organization, **query: str) -> list[int]:
    """Return the ids of the tasks that a client lists."""
    answer = client.get(f"/api/1/organizations/{organization.pk}/tasks", query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["data"]]


def read(client: Client, organization: Organization, task_id: int) -> Any:
    return client.get(f"/api/1/organizations/{organization.pk}/tasks/{task_id}")


def test_a_script_starts_a_file_and_follows_its_task_to_the_content(
    owner: User, organization: Organization
) -> None:
    """BIL-19: pending, done, and where the result is; asked for again it is the same task."""
    pay_invoice(make_invoice(organization))
    script = token_client(owner, *SCOPES)
    task = start(script, organization, "invoice-archives", NOVEMBER)
    assert (task["kind"], task["state"], task["result"]) == ("invoice_archive", "pending", None)
    assert (task["started_by_id"], task["finished_at"]) == (owner.pk, None)
    assert task["progress"] == {"done": 0, "total": 1}
    assert read(script, organization, task["id"]).json()["data"] == task
    assert script.get(task["address"]).json()["data"]["is_ready"] is False
    drain_archives(at=now())
    done = read(script, organization, task["id"]).json()["data"]
    assert (done["state"], done["progress"]) == ("done", {"done": 1, "total": 1})
    assert done["finished_at"].endswith("Z")
    assert script.get(done["result"]).getvalue()[:2] == b"PK"
    assert start(script, organization, "invoice-archives", NOVEMBER)["id"] == task["id"]
    states = {state: seen(script, organization, **{"filter[state]": state}) for state in ("pending", "done")}
    assert states == {"pending": [], "done": [task["id"]]}
    refused = script.get(f"/api/1/organizations/{organization.pk}/tasks", {"filter[kind]": "dinner"})
    assert refused.status_code == 422
    assert "filter[kind]" in refused.json()["error"]["context"]["fields"]


def test_a_task_is_seen_by_who_started_it_and_by_administrators_that_see_its_work(
    owner: User, organization: Organization
) -> None:
    """ORG-13, API-2: as if it were not there for all others, for lost rights and for other scopes."""
    pay_invoice(make_invoice(organization))
    clerk = make_member(organization, has_billing=True)
    other = make_member(organization, has_billing=True)
    blind = make_member(organization, Role.ADMINISTRATOR)
    script = token_client(clerk, *SCOPES)
    task = start(script, organization, "invoice-archives", NOVEMBER)["id"]
    people = {"clerk": script, "owner": token_client(owner, *SCOPES), "other": token_client(other, *SCOPES)}
    people["administrator without billing"] = token_client(blind, *SCOPES)
    people["owner without the scope"] = token_client(owner, "organizations:read", "products:read")
    people["stranger"] = token_client(make_person(), *SCOPES)
    found = {who: read(client, organization, task).status_code for who, client in people.items()}
    assert {who for who, status in found.items() if status == 200} == {"clerk", "owner"}
    assert set(found.values()) == {200, 404}
    assert seen(people["owner"], organization) == seen(script, organization) == [task]
    assert seen(people["other"], organization) == []
    # The same file, asked for by somebody else, has a task of its own.
    own = start(people["other"], organization, "invoice-archives", NOVEMBER)["id"]
    assert seen(people["other"], organization) == [own]
    assert seen(people["owner"], organization) == [own, task]
    Membership.objects.using("system").filter(user=clerk).update(has_billing=False)
    assert seen(script, organization) == []


def test_an_action_fails_and_says_so_to_who_sees_the_product(
    owner: User, organization: Organization, query_count: Any
) -> None:
    """PRD-13: what the machines said stays with staff; kinds and rows cost no further queries."""
    nas = make_served(organization, at=now())
    hand = make_member(organization)
    grant(organization, hand, "manage", product_id=nas.pk)
    script, boss = token_client(hand, *SCOPES), token_client(owner, *SCOPES)
    task = start(script, organization, f"products/{nas.pk}/actions", RESTART)
    assert (task["kind"], task["state"], task["progress"]) == ("product_action", "pending", None)
    PlannedFault.objects.create(operation="restart", product_id=nas.pk, remaining=1, message="No power.")
    ServiceAction.objects.using("system").update(attempts=MAX_ACTION_ATTEMPTS - 1)
    drain_provisioning(at=now())
    failed = read(script, organization, task["id"]).json()["data"]
    assert (failed["state"], failed["result"]) == ("failed", None)
    assert failed["failed_because"] == "Our staff sees it and looks into it."
    assert script.get(failed["address"]).json()["data"]["status"] == "failed"
    assert seen(boss, organization, **{"filter[state]": "failed"}) == [task["id"]]

    with query_count() as few:
        seen(boss, organization)
    pay_invoice(make_invoice(organization))
    start(boss, organization, "invoice-archives", NOVEMBER)
    Organization.objects.using("system").filter(pk=organization.pk).update(vat_number="FR83404833048")
    start(boss, organization, "vat-check", {})
    for _number in range(3):
        start(boss, organization, f"products/{make_served(organization, at=now()).pk}/actions", RESTART)
    with query_count() as many:
        assert len(seen(boss, organization)) == 6
    assert few.count == many.count


def test_work_that_is_gone_again_is_not_there(owner: User, organization: Organization) -> None:
    """API-4: a check whose number was changed before it is answered is no fault of the panel."""
    Organization.objects.using("system").filter(pk=organization.pk).update(vat_number="FR83404833048")
    start(token_client(owner, *SCOPES), organization, "vat-check", {})
    person = find_access(organization_id=organization.pk, user_id=owner.pk, at=now())
    assert person is not None
    request: Any = SimpleNamespace(
        organization=organization,
        user=owner,
        can=person.can,
        product_scope=person.product_scope,
        auth=SimpleNamespace(scopes=SCOPES),
        at=now(),
    )
    with tenant_scope(organization.pk, owner.pk):
        check_id = VatCheck.objects.get().pk
        assert started(request, "vat_check", check_id).status_code == 202
        VatCheck.objects.filter(pk=check_id).delete()
        with pytest.raises(NotFound):
            started(request, "vat_check", check_id)


def test_what_is_asked_for_anew_stands_first_again(owner: User, organization: Organization) -> None:
    """API-1: the same work is the same task, and the newest one once more; page by page as well."""
    script = token_client(owner, *SCOPES)
    pay_invoice(make_invoice(organization))
    periods = [{**NOVEMBER, "first": f"2026-{month}-01"} for month in ("09", "10", "11")]
    first, second, third = (start(script, organization, "invoice-archives", one)["id"] for one in periods)
    assert seen(script, organization) == [third, second, first]
    with tenant_scope(organization.pk):
        work = Task.objects.get(pk=first, organization_id=organization.pk).subject_id
        actor = Actor(ActorKind.PERSON, owner.pk)
        asked = {"organization_id": organization.pk, "kind": "invoice_archive", "actor": actor}
        begin_task(subject_id=work, at=now(), **asked)
    assert seen(script, organization) == [first, third, second]
    path = f"/api/1/organizations/{organization.pk}/tasks"
    page = script.get(path, {"per_page": "2"}).json()
    assert [row["id"] for row in page["data"]] == [first, third]
    assert seen(script, organization, per_page="2", after=page["next"]) == [second]


def test_old_tasks_are_forgotten(owner: User, organization: Organization) -> None:
    """API-1: after thirty days; the work itself stays."""
    nas = make_served(organization, at=now())
    start(token_client(owner, *SCOPES), organization, f"products/{nas.pk}/actions", RESTART)
    begun = Task.objects.using("system").get().started_at
    assert drain_old_tasks(at=begun + KEPT - timedelta(seconds=1)) == 0
    assert drain_old_tasks(at=begun + KEPT) == 1
    assert ServiceAction.objects.using("system").count() == 1
