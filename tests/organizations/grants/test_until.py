"""Until when a grant counts (ORG-13)."""

import pytest
from django.urls import reverse

from tests.factories.cast import client_of, make_tenant
from tests.factories.members import first_representative


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31"])
def test_refuses_a_day_that_no_calendar_has(until: str):
    """ORG-13: beside the field; time zones cannot be reckoned so far away."""
    organization = make_tenant()
    holder = first_representative(organization)
    given = {"who": f"member:{holder.pk}", "what": ["family:domain"], "level": "view", "until": until}
    answer = client_of(holder.user).post(reverse("organizations:grant", args=[organization.pk]), given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["until"])
