"""Alice owns a domain that runs; Carla, a collaborator, may only view it."""

from datetime import datetime

import pytest

from organizations.profile.models import Organization
from products.modules.domain.models import Domain
from tests.factories.zones import make_domain


@pytest.fixture
def domain(organization: Organization, at: datetime) -> Domain:
    return make_domain(organization, at=at)


@pytest.fixture
def base(domain: Domain) -> str:
    return f"/o/{domain.organization_id}/products/{domain.product_id}/"
