"""Addresses that are put together from routes looked up once (UI-1)."""

import pytest
from django.urls import NoReverseMatch, reverse

from manager.kit.addresses import organization_url, page_url


@pytest.mark.parametrize("organization_id", [1, 10, 907, 2**31])
def test_is_the_address_that_the_routes_give(organization_id: int) -> None:
    """UI-1: for each organization its own, also when another one asked before, and with further words."""
    for name in ("shell:home", "products:list", "billing:to_pay", "organizations:switch"):
        assert organization_url(name, organization_id) == reverse(name, args=[organization_id])
    for family in ("web", "0", "mail-2"):
        wanted = reverse("products:family", args=[organization_id, family])
        assert organization_url("products:family", organization_id, family) == wanted
    assert page_url("accounts:sign_in") == reverse("accounts:sign_in")


def test_knows_no_page_without_a_route() -> None:
    """UI-1: a missing route is told each time, not kept."""
    for _time in range(2):
        with pytest.raises(NoReverseMatch):
            page_url("shell:nowhere")
