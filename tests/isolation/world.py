"""Two organizations with everything in them, and people of all roles, for the matrix."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import psycopg
from django.test import Client
from PIL import Image

from accounts.sessions.staff import list_rights
from accounts.tokens.scopes import Scope
from accounts.tokens.services import create_token
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.clock import now
from manager.kit.scope import person_scope, tenant_scope
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.members.models import Membership
from organizations.members.services import remove_members
from organizations.profile.models import Organization
from organizations.profile.services import set_logo
from organizations.support.models import SupportKind
from products.catalog.models import Plan
from products.provisioning.models import ServiceAction
from products.provisioning.services import ask_action
from products.transfer.services import offer_transfer
from tests.factories.cast import AT, client_of, grant, make_member, make_person, make_tenant
from tests.factories.identity import make_staff, staff_client
from tests.factories.members import actor_of, first_representative, invite
from tests.factories.products import make_plan, make_product
from tests.factories.services import make_nas
from tests.factories.support import enter, open_support
from tests.factories.zones import make_domain, put, record

ROLES = {
    "LR": Role.LEGAL_REPRESENTATIVE,
    "A": Role.ADMINISTRATOR,
    "C": Role.COLLABORATOR,
    "E": Role.EXTERNAL,
}
# Words that stand in every name of one organization and nowhere else: what a leak would show.
OWN, FOREIGN = "ytterby", "xenon"
GRANTED_FAMILY = "web"
STAFF_WITHOUT_ACCESS = ("staff", "supporter")
MISSING_ID = 987_654_321

Maker = Callable[["World", Organization, dict[str, Any]], Any]
_numbers = count(1)


@dataclass
class World:
    """The cast of the matrix; `own` is the organization of all roles, `foreign` the stranger's."""

    own: Organization
    foreign: Organization
    people: dict[str, User]
    clients: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    made: dict[tuple[int, str], Any] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """Return the browser of one of the cast; `anonymous` has not signed in."""
        if who not in self.clients:
            sign_in = staff_client if who in STAFF_WITHOUT_ACCESS else client_of
            client = Client() if who == "anonymous" else sign_in(self.people[who])
            client.raise_request_exception = False  # a 500 is a finding like others
            self.clients[who] = client
        return self.clients[who]

    def token(
        self, who: str, *, scopes: tuple[str, ...] = tuple(Scope.values), bound: int | None = None
    ) -> str:
        """Return the secret of a token of one of the cast."""
        key = f"{who} {scopes} {bound}"
        if key not in self.tokens:
            self.tokens[key] = make_token(self.people[who], scopes=scopes, bound=bound)[1]
        return self.tokens[key]

    def join(self, who: str) -> User:
        """Return a further member with the role that `who` names."""
        code, has_billing = who.rstrip("+"), who.endswith("+")
        user = make_member(self.own, ROLES[code], name=f"{OWN.title()} {who}", has_billing=has_billing)
        if code in {"C", "E"}:
            grant(self.own, user, "manage", family=GRANTED_FAMILY)
        return user

    def replace(self, who: str) -> None:
        """Put another person with the same role in the place of one who has left."""
        self.people[who] = self.join(who)
        self.clients.pop(who, None)
        self.tokens = {key: token for key, token in self.tokens.items() if not key.startswith(f"{who} ")}

    def value(self, organization: Organization, name: str, maker: Maker, *, fresh: bool = False) -> Any:
        """Return the organization's object for a parameter, the same each time unless `fresh`."""
        key = (organization.pk, name)
        if fresh or key not in self.made:
            context = {known: value for (pk, known), value in self.made.items() if pk == organization.pk}
            with tenant_scope(organization.pk):
                self.made[key] = maker(self, organization, context)
        return self.made[key]

    def forget(self, organization: Organization) -> None:
        """Make new objects from now on: requests have changed or removed the present ones."""
        self.made = {key: value for key, value in self.made.items() if key[0] != organization.pk}


def build_world() -> World:
    """Return the two organizations with their people."""
    first, stranger = make_person(f"{OWN.title()} LR+"), make_person(f"{FOREIGN.title()} Stranger")
    own = make_tenant(first, name=f"{OWN.title()} AG")
    foreign = make_tenant(stranger, name=f"{FOREIGN.title()} Ltd")
    world = World(own, foreign, {"LR+": first, "stranger": stranger})
    for who in ("LR", "A", "A+", "C", "C+", "E", "E+"):
        world.people[who] = world.join(who)
    world.people["removed"] = make_member(own, Role.ADMINISTRATOR, name="Removed Person", has_billing=True)
    with tenant_scope(own.pk):
        gone = Membership.objects.get(user=world.people["removed"])
    remove_members(
        organization_id=own.pk,
        membership_ids=[gone.pk],
        remover=first_representative(own),
        actor=actor_of(first),
        at=AT,
    )
    world.people["invited"] = make_person("Invited Person")
    invite(own, world.people["invited"].email)
    # Every right of the back office: without support access, or with another organization's, all is closed.
    for who in STAFF_WITHOUT_ACCESS:
        world.people[who] = make_staff(*list_rights())
    open_support(foreign, [SupportKind.MAIL, SupportKind.ACCOUNT])
    enter(world.client("supporter"), foreign)
    return world


def make_token(
    user: User, *, scopes: tuple[str, ...], bound: int | None = None, at: datetime | None = None
) -> Any:
    """Return a new token of `user` with its secret."""
    at = at or now()
    with person_scope(user.pk):
        return create_token(
            user=user,
            name="Matrix",
            scopes=list(scopes),
            organization_id=bound,
            expires_at=at + timedelta(days=30),
            actor=actor_of(user),
            at=at,
        )


def word_of(world: World, organization: Organization) -> str:
    """Return the word that stands in every name of the organization."""
    return OWN if organization.pk == world.own.pk else FOREIGN


def _membership(world: World, organization: Organization, made: dict[str, Any]) -> int:
    user = make_member(organization, Role.EXTERNAL, name=f"{word_of(world, organization).title()} Member")
    return Membership.objects.get(user=user).pk


def _invitation(world: World, organization: Organization, made: dict[str, Any]) -> int:
    return invite(organization, f"invited-{word_of(world, organization)}-{next(_numbers)}@example.com").pk


def _product(world: World, organization: Organization, made: dict[str, Any]) -> int:
    name = f"{word_of(world, organization)}-{next(_numbers)}.example"
    return make_product(organization, plan=plan_of(GRANTED_FAMILY), name=name).pk


def _hidden_product(world: World, organization: Organization, made: dict[str, Any]) -> int:
    name = f"{word_of(world, organization)}-{next(_numbers)}.example"
    return make_product(organization, plan=plan_of("cloud"), name=name).pk


def _event(world: World, organization: Organization, made: dict[str, Any]) -> int:
    with tenant_scope(organization.pk):
        return AuditEvent.objects.filter(organization_id=organization.pk).latest("pk").pk


def plan_of(family: str) -> Plan:
    """Return a plan of the family, made unless there is one."""
    return Plan.objects.filter(family__slug=family).first() or make_plan(family=family)


def _logo(world: World, organization: Organization, made: dict[str, Any]) -> str:
    out = BytesIO()
    Image.new("RGB", (organization.pk % 50 + 1, 9)).save(out, "PNG")
    row = set_logo(organization=organization, data=out.getvalue(), actor=Actor.system("matrix"), at=AT)
    return row.logo_digest


def _transfer(world: World, organization: Organization, made: dict[str, Any]) -> int:
    name = f"{word_of(world, organization)}-{next(_numbers)}.example"
    product = make_product(organization, plan=plan_of(GRANTED_FAMILY), name=name)
    leader = first_representative(organization).user
    return offer_transfer(
        product=product, recipient=None, user_id=leader.pk, actor=actor_of(leader), at=now()
    ).pk


def _nas(world: World, organization: Organization, made: dict[str, Any]) -> int:
    return make_nas(organization, name=f"{word_of(world, organization)}-{next(_numbers)}.example").pk


def _asked_nas(world: World, organization: Organization, made: dict[str, Any]) -> int:
    product_id = _nas(world, organization, made)
    _ask(organization, product_id)
    return product_id


def _asked_action(world: World, organization: Organization, made: dict[str, Any]) -> int:
    return ServiceAction.objects.filter(product_id=made["asked_nas_id"]).latest("pk").pk


def _domain(world: World, organization: Organization, made: dict[str, Any]) -> int:
    name = f"{word_of(world, organization)}-{next(_numbers)}.example"
    domain = make_domain(organization, name=name)
    note = record(domain, "TXT", "note", word_of(world, organization))
    return put(domain, note).product_id


def _ask(organization: Organization, product_id: int) -> int:
    asked = {"slug": "soft-reset", "parameters": {}, "actor": Actor.system("matrix"), "at": now()}
    return ask_action(organization_id=organization.pk, product_id=product_id, **asked).pk


MAKERS: dict[str, Maker] = {
    "nas_id": _nas,
    "domain_product_id": _domain,
    "record_id": lambda world, organization, made: 1,
    "contact_role": lambda world, organization, made: "technical",
    "zone_version": lambda world, organization, made: 1,
    "asked_nas_id": _asked_nas,
    "asked_action_id": _asked_action,
    "action": lambda world, organization, made: "restart",
    "digest": _logo,
    "transfer_id": _transfer,
    "membership_id": _membership,
    "invitation_id": _invitation,
    "event_id": _event,
    "product_id": _product,
    "hidden_product_id": _hidden_product,
    "step": lambda world, organization, made: "role",
    "family": lambda world, organization, made: plan_of(GRANTED_FAMILY).family.slug,
    "plan": lambda world, organization, made: plan_of(GRANTED_FAMILY).slug,
}

TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'organization_id'
    ORDER BY c.relname
"""


def fingerprint(database: psycopg.Connection, organization: Organization) -> dict[str, str]:
    """Return a hash of what each table holds of the organization, to show that nothing was written."""
    found = {}
    for (table,) in database.execute(TABLES).fetchall():
        # When a member was last here is written down by reading, too.
        content = "(to_jsonb(t) - 'last_seen_at')::text"
        rows = f'SELECT {content} AS row FROM "{table}" t WHERE organization_id = %s'
        query = f"SELECT md5(string_agg(row, chr(10) ORDER BY row)) FROM ({rows})"
        row = database.execute(query.encode(), [organization.pk]).fetchone()
        found[table] = str(row and row[0])
    row = database.execute(
        "SELECT md5(t::text) FROM organizations_organization t WHERE id = %s", [organization.pk]
    ).fetchone()
    found["organizations_organization"] = str(row and row[0])
    return found
