"""A charge asks the database little: its rate is that of the provider, not of the database (BIL-11)."""

import pytest

from billing.renewals.charging import drain_charges
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.products import make_plan
from tests.factories.renewals import days_before, make_renewing, plan

pytestmark = pytest.mark.usefixtures("psp")
DAY = days_before(14)
MOST = 43
"""Of a charge that pays a first invoice, from its claim to the commit that extends the product."""


def test_a_charge_takes_the_same_few_statements(settings, query_count):
    """BIL-11, BIL-16: however many are due; the run itself adds what it writes to its report."""
    settings.CHARGES_AT_ONCE = 1
    catalog = make_plan()

    def statements(count):
        for _number in range(count):
            organization = make_tenant()
            make_method(organization)
            make_renewing(organization, plan=catalog)
            plan(organization, DAY)
        with query_count() as seen:
            assert drain_charges(at=DAY) == count
        return seen.count

    statements(1)  # the first of all begins the series of numbers
    one, two, four = (statements(count) for count in (1, 2, 4))
    assert len(provider().charges()) == 8
    assert two - one == (four - two) / 2 <= MOST
