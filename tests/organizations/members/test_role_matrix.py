"""Who may make whom what: the whole table, and the last representative under pressure (ORG-8, ORG-9)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.members.rules import RoleNotGivable
from organizations.members.services import change_role, leave_organization, remove_members
from tests.factories.cast import AT, make_member, make_tenant
from tests.factories.members import actor_of, first_representative, membership_of

LR, A, C, E = Role.LEGAL_REPRESENTATIVE, Role.ADMINISTRATOR, Role.COLLABORATOR, Role.EXTERNAL
CODES = {"LR": LR, "A": A, "C": C, "E": E}

# Rows: who asks, and the member's present role. Columns: the role to be, and removal.
# y: done; -: refused; =: nothing to change, so nothing is refused.
TABLE = """
asks  present  LR A  C  E  remove
LR    LR       =  y  y  y  y
LR    A        y  =  y  y  y
LR    C        y  y  =  y  y
LR    E        y  y  y  =  y
A     LR       =  -  -  -  -
A     A        -  =  y  y  y
A     C        -  y  =  y  y
A     E        -  y  y  =  y
C     LR       =  -  -  -  -
C     A        -  =  -  -  -
C     C        -  -  =  -  -
C     E        -  -  -  =  -
E     LR       =  -  -  -  -
E     A        -  =  -  -  -
E     C        -  -  =  -  -
E     E        -  -  -  =  -
"""


def cases():
    header, *rows = TABLE.strip().splitlines()
    columns = header.split()[2:]
    for row in rows:
        asks, present, *answers = row.split()
        for column, answer in zip(columns, answers, strict=True):
            yield asks, present, column, answer


@pytest.fixture(scope="module")
def every_case():
    return list(cases())


def test_the_table_is_whole(every_case):
    """INC-5: 4 × 4 × 4 changes, and 4 × 4 removals."""
    assert len(every_case) == len({case[:3] for case in every_case}) == 4 * 4 * 5


@pytest.mark.parametrize(("asks", "present", "wanted", "answer"), list(cases()))
def test_changes_follow_the_table(asks, present, wanted, answer):
    """ORG-8, INC-5"""
    organization = make_tenant()
    asker = membership_of(organization, make_member(organization, CODES[asks], name="Gerda Giver"))
    user = make_member(organization, CODES[present])
    facts = {"organization_id": organization.pk, "actor": actor_of(asker.user), "at": AT}
    member = membership_of(organization, user)

    def act():
        if wanted == "remove":
            remove_members(membership_ids=[member.pk], remover=asker, **facts)
        else:
            change_role(
                membership_id=member.pk, role=CODES[wanted], has_billing=False, changer=asker, **facts
            )

    if answer == "-":
        with pytest.raises(RoleNotGivable):
            act()
    else:
        act()
    left = membership_of(organization, user)
    if wanted == "remove":
        assert (left is None) == (answer == "y")
    else:
        assert left.role == (CODES[wanted] if answer == "y" else CODES[present])


def test_the_last_representative_holds_under_twenty_at_once():
    """ORG-9: three representatives demote and remove each other and themselves, and leave, all at once."""
    organization = make_tenant()
    others = [make_member(organization, LR, name=f"Leader {name}") for name in ("Two", "Three")]
    leaders = [first_representative(organization), *(membership_of(organization, user) for user in others)]

    def try_once(number):
        asker, other = leaders[number % 3], leaders[(number + 1) % 3]
        facts = {"organization_id": organization.pk, "actor": actor_of(asker.user), "at": AT}
        acts = (
            lambda: change_role(membership_id=other.pk, role=E, has_billing=False, changer=asker, **facts),
            lambda: remove_members(membership_ids=[other.pk], remover=asker, **facts),
            lambda: leave_organization(membership=asker, actor=facts["actor"], at=AT),
            lambda: change_role(membership_id=asker.pk, role=A, has_billing=False, changer=asker, **facts),
            lambda: remove_members(membership_ids=[asker.pk], remover=asker, **facts),
        )
        try:
            acts[number % 5]()
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(try_once, range(20)))

    with tenant_scope(organization.pk):
        left = Membership.objects.filter(role=LR).count()
    assert left >= 1
    assert results.count("done") >= 2
    assert set(results) <= {"done", "last_representative", "role_not_givable", "object_not_found"}
