"""A selection over pages, filters and periods, and its sum to the cent (BIL-2)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.invoices.models import Invoice
from billing.invoices.services import finalize_invoice
from billing.payments.services import pay_from_prepaid
from billing.to_pay.forms import Selection
from billing.to_pay.listing import PAGE_SIZE, Wanted, list_page
from billing.to_pay.selectors import build_to_pay
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.clock import add_months, day_in
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.amounts import chf
from tests.factories.billing import make_invoice as draft_of
from tests.factories.billing import make_legal_entity, make_line
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import ACTOR, fill_prepaid, make_order_invoice, now
from tests.factories.products import make_many_products, make_plan, make_product, reread
from tests.factories.tokens import token_client


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    make_legal_entity()
    return make_tenant(owner)


@pytest.fixture
def page(owner):
    return client_of(owner)


def url(organization, name="to_pay"):
    return reverse(f"billing:{name}", args=[organization.pk])


def press(page, organization, shown, **pressed):
    """Send the form of the page as a browser without scripts does, with one button."""
    text = unescape(shown.content.decode())
    fields = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', text))
    fields.pop("csrfmiddlewaretoken", None)
    answer = page.post(url(organization, "to_pay_select"), {**fields, **pressed})
    return page.get(answer.url) if answer.status_code == 302 else answer


def total_on(shown):
    """Return the total of the summary."""
    text = re.sub(r"<[^>]+>", " ", unescape(shown.content.decode()))
    return re.search(r"Total with VAT\s+CHF\s+([\d,.'’ ]*\d)", text).group(1)


def test_a_selection_survives_paging_and_filters_without_scripts(organization, page):
    """BIL-2: chosen on the first page, counted and paid from the last one, each with its period."""
    plan = make_plan()
    make_many_products(organization, PAGE_SIZE + 5, plan=plan, begin=now().date())
    draft, _ = make_order_invoice(organization)
    with tenant_scope(organization.pk):
        first, *_rest, last = Product.objects.exclude(expires_on=None).order_by("expires_on", "id")
    shown = page.get(url(organization), {"show": "all"})
    shown = press(
        page,
        organization,
        shown,
        show="all",
        product=first.pk,
        invoice=draft.pk,
        do="next",
        **{f"months-{first.pk}": 24},
    )
    assert last.name in shown.content.decode()
    assert first.name in shown.content.decode()  # beside the sum
    shown = press(page, organization, shown, show="all", product=last.pk, q="nothing", do="update")
    assert "Nothing matches" in shown.content.decode()
    expected = total_on(shown)
    answer = press(page, organization, shown, show="all", q="nothing", do="pay")
    with tenant_scope(organization.pk):
        invoice = Invoice.objects.get(origin="selection")
        months = {line.product_id: line.months for line in invoice.lines.all()}
        assert (len(months), months[first.pk], months[last.pk]) == (3, 24, 12)
        assert f"{invoice.total.as_decimal():,}" == expected.replace("'", ",").replace("’", ",")
    assert answer.status_code == 200


def test_takes_all_that_matches_and_none(organization, page):
    """BIL-2: on all pages, what is paid on its own left out."""
    make_many_products(organization, PAGE_SIZE + 5, plan=make_plan(), begin=now().date())
    draft, _ = make_order_invoice(organization)
    with tenant_scope(organization.pk):
        finalize_invoice(invoice=draft, actor=ACTOR, at=now())
    shown = page.get(url(organization), {"show": "all"})
    shown = press(page, organization, shown, show="all", do="all")
    assert f"{PAGE_SIZE + 5} selected" in shown.content.decode()
    shown = press(page, organization, shown, show="all", do="none")
    assert "0 selected" in shown.content.decode()


def test_lists_both_kinds_by_their_day_in_both_directions(organization):
    """BIL-2: ONE list; each row once, whichever way one goes."""
    plan = make_plan()
    make_many_products(organization, 7, plan=plan, begin=now().date())
    for days in (100, 364, 365, 366, 500):
        draft_of(organization, due_on=now().date() + timedelta(days=days))
    wanted = Wanted(organization, None)
    with tenant_scope(organization.pk):
        there = [list_page(wanted, size=3)]
        while there[-1].next:
            there.append(list_page(wanted, size=3, after=there[-1].next))
        back = [there[-1]]
        while back[-1].previous:
            back.append(list_page(wanted, size=3, before=back[-1].previous))
    rows = [(type(row), row.pk) for one in there for row in one.rows]
    assert len(rows) == len(set(rows)) == 12
    days = [getattr(row, "due_on", None) or row.expires_on for one in there for row in one.rows]
    assert days == sorted(days)
    assert [[row.pk for row in one.rows] for one in reversed(back)] == [
        [row.pk for row in one.rows] for one in there
    ]


def test_filters_by_kind(organization, page):
    """BIL-2: invoices, renewals, or the renewals of one family."""
    product = make_product(organization)
    draft, _ = make_order_invoice(organization)
    text = page.get(url(organization), {"show": "all", "kind": "invoices"}).content.decode()
    assert (f"Pro forma {draft.pk}" in text, product.name in text) == (True, False)
    text = page.get(url(organization), {"show": "all", "kind": product.family}).content.decode()
    assert (f"Pro forma {draft.pk}" in text, product.name in text) == (False, True)


def test_says_what_cannot_be_paid_together(organization, page):
    """BIL-5: before the button is pressed."""
    draft, _ = make_order_invoice(organization)
    with tenant_scope(organization.pk):
        finalize_invoice(invoice=draft, actor=ACTOR, at=now())
    product = make_product(organization)
    shown = page.get(url(organization), {"show": "all", "kept": f"{product.pk}-i{draft.pk}"})
    assert "Select it alone" in shown.content.decode()


@pytest.mark.parametrize("months", [1, 24], ids=["a month", "two years"])
def test_a_product_renewed_ahead_adds_to_its_end(organization, months):
    """BIL-2: several times ahead; the end never comes nearer."""
    product = make_product(organization)
    fill_prepaid(organization, 200_000)
    end = product.expires_on
    for _ in range(2):
        with tenant_scope(organization.pk):
            invoice = compose_selection(
                organization=organization,
                choices=[DueChoice(product.pk, months)],
                invoice_ids=[],
                actor=ACTOR,
                at=now(),
            )
            pay_from_prepaid(invoice=invoice, actor=ACTOR, at=now())
        end = add_months(end, months, anchor=product.anchor_day)
        assert reread(product, organization).expires_on == end


CHOICES = st.lists(
    st.tuples(st.integers(1, 99_999), st.sampled_from([1, 12, 24]), st.integers(1, 3)),
    min_size=1,
    max_size=4,
)


def test_the_sum_of_a_selection_is_the_total_of_its_invoice(organization):
    """BIL-2, BIL-6: to the cent, whatever is chosen; VAT is rounded once a line in both."""

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(renewed=CHOICES, drafted=st.lists(st.integers(1, 99_999), max_size=3))
    def agree(renewed: list[tuple[int, int, int]], drafted: list[int]) -> None:
        products = {}
        for price, months, quantity in renewed:
            plan = make_plan(prices={("CHF", months): price})
            products[make_product(organization, plan=plan, months=months, quantity=quantity).pk] = months
        drafts = [draft_of(organization, [make_line(amount)]).pk for amount in drafted]
        with tenant_scope(organization.pk):
            shown = build_to_pay(
                organization=organization,
                today=day_in(organization.time_zone, now()),
                until=None,
                search="on no row of this page",
                months=products,
                product_ids=list(products),
                invoice_ids=drafts,
            )
            invoice = compose_selection(
                organization=organization,
                choices=[DueChoice(pk, months) for pk, months in products.items()],
                invoice_ids=drafts,
                actor=ACTOR,
                at=now(),
            )
        sums = shown.sums
        assert (sums.net, sums.tax, sums.total) == (invoice.net, invoice.tax, invoice.total)

    agree()


IDS = st.integers(1, 10**15)


@settings(max_examples=60, deadline=None)
@given(
    products=st.dictionaries(IDS, st.sampled_from([0, 1, 3, 12, 24, 36, 60]), max_size=20),
    invoices=st.lists(IDS, unique=True, max_size=5),
    search=st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20),
)
def test_an_address_gives_the_selection_back(products, invoices, search):
    """BIL-2: what is written is read."""
    selection = Selection(
        show="all",
        search=search.strip(),
        product_ids=tuple(products),
        invoice_ids=tuple(invoices),
        months={pk: months for pk, months in products.items() if months},
    )
    assert Selection.read(QueryDict(selection.as_query())) == selection


def test_an_address_of_all_that_fits_stays_short():
    """BIL-2: servers and proxies take an address of 4,000 letters."""
    ids = range(10_000_000, 10_000_200)
    selection = Selection(product_ids=tuple(ids), months=dict.fromkeys(ids, 24))
    assert len(selection.as_query()) < 2_600


def test_a_script_asks_what_a_selection_costs(organization: Organization, owner):
    """API-1: the same sums as the page, and nothing is changed."""
    product = make_product(organization)
    script = token_client(owner, "billing:read")
    address = f"/api/1/organizations/{organization.pk}/to-pay/quote"
    asked = {"products": [{"product": product.pk, "months": 24}]}
    answer = script.post(address, asked, content_type="application/json")
    assert answer.json()["data"] == {
        "net_amount": chf(24_000),
        "tax_amount": chf(1_944),
        "total_amount": chf(25_944),
    }
    foreign = {"invoices": [product.pk + 10_000]}
    assert script.post(address, foreign, content_type="application/json").status_code == 404
    with tenant_scope(organization.pk):
        assert not Invoice.objects.exists()
