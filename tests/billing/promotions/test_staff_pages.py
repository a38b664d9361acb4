"""The back office's pages of codes and free credits (BIL-13)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from billing.promotions.models import FreeCredit, PromoCode
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_tenant
from tests.factories.identity import make_staff, staff_client
from tests.factories.orders import confirm_cart, fill_cart
from tests.factories.payments import now
from tests.factories.products import make_plan
from tests.factories.promotions import make_code, put_in_cart

FORM = {"kind": "percent", "percent": "12.5", "valid_from": "2026-01-01"}


@pytest.fixture
def staff():
    return staff_client(make_staff("billing.manage_promotions"))


def address(name, *args):
    return reverse(f"billing:staff_{name}", args=args)


def test_a_code_is_added_changed_and_closed_with_its_history(staff):
    """BIL-13: each act with who, before and after; a closed one stays as it is."""
    plan = make_plan()
    terms = {**FORM, "code": " spring-26 ", "plans": plan.slug, "months": ["12"], "limit_total": "5"}
    staff.post(address("promotion_add"), terms)
    code = PromoCode.objects.get()
    assert (code.code, code.percent, code.plans, code.months) == ("SPRING-26", 1_250, [plan.slug], [12])
    edit = {"kind": "fixed", "amount": "15.50", "currency": "CHF", "valid_from": "2026-01-01"}
    assert staff.post(address("promotion_edit", code.pk), edit).status_code == 302
    code.refresh_from_db()
    assert (code.amount, code.percent, code.plans, code.limit_total) == (1_550, None, [], None)
    assert staff.get(address("promotion_close", code.pk)).status_code == 200
    staff.post(address("promotion_close", code.pk))
    assert staff.post(address("promotion_edit", code.pk), edit).status_code == 422
    shown = staff.get(address("promotion", code.pk)).content.decode()
    assert [row.what for row in code.changes.order_by("id")] == ["added", "changed", "closed"]
    assert "12.5" in shown
    assert "15.50" in shown


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "ab"}, "code"),
        ({"code": "taken"}, "code"),
        ({"percent": ""}, "percent"),
        ({"percent": "101"}, "percent"),
        ({"kind": "fixed", "amount": "10"}, "currency"),
        ({"kind": "fixed", "currency": "CHF"}, "amount"),
        ({"minimum_amount": "10"}, "currency"),
        ({"plans": "no-such-plan"}, "plans"),
        ({"only_organization": "987654321"}, "only_organization"),
        ({"valid_until": "2025-12-31"}, "valid_until"),
    ],
    ids=str,
)
def test_refuses_terms_that_say_nothing_beside_the_field(staff, wrong, field):
    """BIL-13."""
    make_code("TAKEN")
    answer = staff.post(address("promotion_add"), {**FORM, "code": "NEW", **wrong})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_lists_finds_filters_and_exports(staff, query_count):
    """BIL-13: by word and state, the export as the list; as many queries for many as for few."""
    today = now().date()
    assert "No codes yet" in staff.get(address("promotions")).content.decode()
    make_code("OPEN")
    with query_count() as few:
        staff.get(address("promotions"))
    for number in range(30):
        make_code(f"LATER-{number}", valid_from=today + timedelta(days=30), note="=fair")
    make_code("OVER", valid_until=today - timedelta(days=2))
    with query_count() as many:
        listed = staff.get(address("promotions"))
    assert many.count == few.count
    assert len(listed.context["rows"]) == 25
    for state, codes in {"open": ["OPEN"], "over": ["OVER"], "closed": []}.items():
        rows = staff.get(address("promotions"), {"state": state}).context["rows"]
        assert [row[0].code for row in rows] == codes
    assert len(staff.get(address("promotions"), {"q": "later-2"}).context["rows"]) == 11
    table = staff.get(address("promotions_export"), {"q": "LATER-7"}).content.decode()
    assert table.count("\n") == 2
    assert "'=fair" in table


def test_shows_who_used_a_code(staff):
    """BIL-13: of every organization."""
    make_legal_entity()
    code, tenant = make_code(), make_tenant(name="Ada Hosting AG")
    fill_cart(tenant)
    put_in_cart(tenant, code)
    confirm_cart(tenant)
    assert "Ada Hosting AG" in staff.get(address("promotion", code.pk)).content.decode()


def test_grants_and_withdraws_a_free_credit(staff):
    """BIL-13: the customer's audit log tells of both; a used one cannot be withdrawn."""
    plan, tenant = make_plan(), make_tenant()
    given = {"organization": tenant.pk, "plan": plan.slug, "valid_from": "2026-01-01", "reason": "Sorry"}
    for wrong in ({}, {"months": "1", "amount": "5"}, {"months": "1", "organization": "987654321"}):
        assert staff.post(address("credit_grant"), {**given, **wrong}).status_code == 422
    assert staff.post(address("credit_grant"), {**given, "amount": "5"}).status_code == 302
    with tenant_scope(tenant.pk):
        credit = FreeCredit.objects.get()
        assert (credit.amount, credit.currency, credit.plan_id) == (500, tenant.currency, plan.pk)
    assert "Sorry" in staff.get(address("credits"), {"q": tenant.name}).content.decode()
    assert staff.get(address("credit_withdraw", credit.pk)).status_code == 200
    assert staff.post(address("credit_withdraw", credit.pk)).status_code == 302
    assert staff.post(address("credit_withdraw", credit.pk)).status_code == 409
    with tenant_scope(tenant.pk):
        names = list(AuditEvent.objects.filter(name__startswith="free_credit").values_list("name", flat=True))
    assert sorted(names) == ["free_credit.granted", "free_credit.withdrawn"]


def test_asks_for_its_own_right():
    """BIL-13, ACC-8."""
    other = staff_client(make_staff("products.edit_catalog"))
    assert other.get(address("promotions")).status_code == 403
    assert other.post(address("credit_grant"), {}).status_code == 403
