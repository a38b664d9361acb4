"""Codes at the checkout, free credits in the cart, both over REST, and the organization's page (BIL-13)."""

import pytest
from django.urls import reverse

from billing.orders.models import CartLine
from billing.promotions.models import CartCode, CodeUse
from billing.promotions.services.cart import GUESSES
from manager.kit.scope import tenant_scope
from tests.billing.orders.scripts import client_for, path, post
from tests.factories.amounts import chf
from tests.factories.billing import make_buyer
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.orders import confirm_cart, fill_cart
from tests.factories.payments import now
from tests.factories.products import make_plan
from tests.factories.promotions import give_credit, make_code, put_in_cart, reread_code


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    return make_buyer(owner)


@pytest.fixture
def page(owner):
    return client_of(owner)


def address(organization, name="checkout", *args):
    return reverse(f"billing:{name}", args=[organization.pk, *args])


def enter(page, organization, code):
    return page.post(address(organization), {"do": "enter_code", "code": code})


def test_a_code_is_entered_shown_and_removed(page, organization):
    """PRD-3: typed in any case, several one after another; the summary shows each, the total is lowered."""
    percent, fixed = make_code("WELCOME10"), make_code(amount=800)
    fill_cart(organization)
    assert enter(page, organization, " welcome10 ").status_code == 302
    enter(page, organization, fixed.code)
    enter(page, organization, "WELCOME10")
    shown = page.get(address(organization))
    assert shown.context["cart"].priced.quote.net.amount == 12_000 - 1_200 - 800
    assert "Code WELCOME10" in shown.content.decode()
    page.post(address(organization), {"do": "remove_code", "code_id": str(percent.pk)})
    assert page.get(address(organization)).context["cart"].priced.quote.net.amount == 11_200
    for strange in ("", "x", str(10**30), "-1"):
        page.post(address(organization), {"do": "remove_code", "code_id": strange})
    with tenant_scope(organization.pk):
        assert [row.code_id for row in CartCode.objects.all()] == [fixed.pk]


REFUSED = {
    "not valid any more": {"valid_until": "2021-01-01"},
    "as often as it can be": {"limit_total": 1, "used": 1},
    "another currency": {"currency": "EUR"},
    "not for these products": {"plans": ["another"]},
    "not for these products and periods": {"months": [24]},
    "first order only": {"first_order_only": True},
    "less than its minimum": {"currency": "CHF", "minimum_amount": 12_001},
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_code_is_refused_beside_the_field_with_its_reason(page, organization, why):
    """BIL-13."""
    terms = dict(REFUSED[why])
    used = terms.pop("used", 0)
    code = make_code(**terms)
    type(code).objects.filter(pk=code.pk).update(used=used)
    fill_cart(organization)
    confirm_cart(organization)
    fill_cart(organization)
    answer = enter(page, organization, code.code)
    assert answer.status_code == 422
    assert why in str(answer.context["code_form"].errors["code"])
    with tenant_scope(organization.pk):
        assert not CartCode.objects.exists()


def test_strangers_codes_are_as_unknown_ones_and_guessing_is_slowed(page, organization):
    """BIL-13: who guesses learns nothing, and gets nowhere."""
    fill_cart(organization)
    strange = make_code(only_organization=make_tenant().pk)
    late = make_code(valid_until="2021-01-01")
    answers = {str(enter(page, organization, text).context["code_form"].errors) for text in ("NO", late.code)}
    answers.add(str(enter(page, organization, strange.code).context["code_form"].errors))
    assert len(answers) == 1
    for number in range(GUESSES - 3):
        assert enter(page, organization, f"GUESS{number}").status_code == 422
    right = make_code()
    assert enter(page, organization, right.code).status_code == 429
    with tenant_scope(organization.pk):
        assert not CartCode.objects.exists()


def test_right_codes_are_no_guesses(page, organization):
    """BIL-13."""
    fill_cart(organization)
    code = make_code()
    for _ in range(GUESSES + 1):
        assert enter(page, organization, code.code).status_code == 302


def test_a_free_credit_is_chosen_beside_its_line(page, organization):
    """PRD-3: only that of the plan is offered; chosen on another line, it leaves the first."""
    plan = make_plan()
    credit, other = give_credit(organization, plan), give_credit(organization, make_plan())
    first, second = fill_cart(organization, plan), fill_cart(organization, plan)
    lines = page.get(address(organization, "cart")).context["cart"].lines
    assert [value for value, _label in lines[0].credits] == ["", str(credit.pk)]
    for line in (first, second):
        given = {"months": "12", "quantity": "1", "free_credit": str(credit.pk)}
        assert page.post(address(organization, "cart_change", line.pk), given).status_code == 302
    wrong = {"months": "12", "quantity": "1", "free_credit": str(other.pk)}
    assert page.post(address(organization, "cart_change", first.pk), wrong).status_code == 422
    with tenant_scope(organization.pk):
        assert dict(CartLine.objects.values_list("pk", "free_credit_id")) == {
            first.pk: None,
            second.pk: credit.pk,
        }
    page.post(
        address(organization, "cart_change", second.pk), {"months": "12", "quantity": "1", "free_credit": ""}
    )
    with tenant_scope(organization.pk):
        assert not CartLine.objects.exclude(free_credit=None).exists()


def test_orders_over_rest_with_codes_and_a_credit(owner, organization):
    """API-1, BIL-13: a dry quote tries them; sent again, the order is the same and uses them once."""
    api, plan, code = client_for(owner), make_plan(), make_code(limit_total=1)
    credit = give_credit(organization, plan)
    line = {"plan": plan.slug, "months": 12, "free_credit_id": credit.pk}
    body = {"lines": [line], "codes": [code.code.lower(), code.code]}
    offer = post(api, path(organization), body).json()["data"]
    assert [row["discount_amount"] for row in offer["lines"]] == [chf(1_000 + 1_100)]
    assert reread_code(code).used == 0
    body["confirmed_total"] = offer["total_amount"]
    orders = [post(api, path(organization), body, **{"Idempotency-Key": "one"}) for _ in range(2)]
    assert [order.status_code for order in orders] == [201, 201]
    assert orders[0].json()["data"]["id"] == orders[1].json()["data"]["id"]
    assert reread_code(code).used == 1
    plain = {**line, "free_credit_id": None}
    for wrong, field in (
        ({"lines": [plain], "codes": ["NOPE"]}, "codes"),
        ({"lines": [plain], "codes": [code.code]}, "codes"),
        ({"lines": [line]}, "free_credit_id"),
    ):
        refused = post(api, path(organization), wrong)
        assert refused.status_code == 422, refused.content
        assert field in refused.content.decode()
    codes, credits_given = (
        api.get(path(organization, name)).json()["data"] for name in ("used-codes", "free-credits")
    )
    assert [(row["code"], row["amount"]) for row in codes] == [(code.code, chf(1_100))]
    assert [(row["id"], row["state"]) for row in credits_given] == [(credit.pk, "used")]


def test_the_organizations_page_lists_credits_and_codes(page, organization, query_count):
    """BIL-1: with as many queries for few as for many; the order's page names what it used."""
    empty = page.get(address(organization, "promotions"))
    assert "No promotions yet" in empty.content.decode()
    plan = make_plan()
    for number in range(3):
        give_credit(organization, plan, reason=f"Outage {number}")
    code = make_code("SPRING")
    fill_cart(organization)
    put_in_cart(organization, code)
    order = confirm_cart(organization)
    with query_count() as few:
        shown = page.get(address(organization, "promotions")).content.decode()
    assert "SPRING" in shown
    assert "Outage 2" in shown
    for number in range(5):
        give_credit(organization, plan, reason=f"Flood {number}")
    with query_count() as many:
        page.get(address(organization, "promotions"))
    assert few.count == many.count
    assert "SPRING" in page.get(address(organization, "order", order.pk)).content.decode()
    assert "Discount SPRING" in page.get(address(organization, "invoice", order.invoice_id)).content.decode()
    with tenant_scope(organization.pk):
        assert CodeUse.objects.get().used_at <= now()
