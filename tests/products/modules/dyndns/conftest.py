"""Alice owns a domain that runs, with DynDNS; Carla, a collaborator, may only view it."""

from datetime import datetime

import pytest

from organizations.profile.models import Organization
from products.modules.domain.models import Domain
from tests.factories.zones import buy_dyndns, make_domain


@pytest.fixture
def domain(organization: Organization, at: datetime) -> Domain:
    return buy_dyndns(make_domain(organization, at=at))


@pytest.fixture
def base(domain: Domain) -> str:
    return f"/o/{domain.organization_id}/products/{domain.product_id}/dyndns/"
