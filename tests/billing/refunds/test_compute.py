"""Parts of lines: whatever an invoice goes back in, net and VAT come to its own, to the cent (BIL-14)."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from billing.refunds.compute import LineLeft, compute_parts, spread

RATES = st.sampled_from([0, 250, 260, 380, 770, 810, 1_900, 2_000, 2_500])
NETS = st.integers(1, 200_000)


@st.composite
def invoices(draw):
    """Return lines as they are invoiced: VAT rounded half up, once per line; one may lower the invoice."""
    lines = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        net, rate = draw(NETS), draw(RATES)
        lines.append(LineLeft(number, "x", rate, net, (net * rate * 2 + 10_000) // 20_000, 0))
    if draw(st.booleans()):
        net, rate = draw(st.integers(1, lines[0].net)), lines[0].rate
        lines.append(LineLeft(99, "set off", rate, -net, -((net * rate * 2 + 10_000) // 20_000), 0))
    return lines


def gone_by(lines, credited):
    return [
        LineLeft(line.id, "x", line.rate, line.net, line.tax, line.gone + credited.get(line.id, 0))
        for line in lines
    ]


@settings(max_examples=300, deadline=None)
@given(lines=invoices(), cuts=st.lists(st.integers(1, 10_000), max_size=8))
def test_a_full_series_of_part_refunds_is_the_invoice(lines, cuts):
    """BIL-14: free amounts, the rest last: each line's net and VAT, and so each rate's."""
    net, tax = defaultdict(int), defaultdict(int)
    invoiced = {line.id: (line.net, line.tax) for line in lines}
    for cut in [*cuts, None]:
        left = sum(line.left for line in lines)
        if left <= 0:
            break
        amount = left if cut is None else max(1, left * cut // 10_000)
        parts = spread(lines, amount, left=left)
        credited = compute_parts(lines, parts, currency="CHF")
        assert sum(line.total.amount for line in credited) == amount
        for line in credited:
            net[line.line_id] += line.net.amount
            tax[line.line_id] += line.tax.amount
        lines = gone_by(lines, parts)
    if sum(line.left for line in lines) == 0 and cuts is not None and left > 0:
        assert {number: (net[number], tax[number]) for number in invoiced} == invoiced


@settings(max_examples=300, deadline=None)
@given(net=NETS, rate=RATES, cuts=st.lists(st.integers(1, 10_000), max_size=8))
def test_the_vat_of_a_part_is_its_own_to_the_cent(net, rate, cuts):
    """BIL-6, BIL-14: a part's VAT is a cent off at most, and never below zero."""
    line = LineLeft(1, "x", rate, net, (net * rate * 2 + 10_000) // 20_000, 0)
    for cut in cuts:
        part = line.left * cut // 10_000
        if not part:
            continue
        (credited,) = compute_parts([line], {1: part}, currency="CHF")
        assert 0 <= credited.tax.amount <= part
        assert abs(credited.tax.amount - part * line.tax / line.total) <= 1
        line = LineLeft(1, "x", rate, net, line.tax, line.gone + part)
