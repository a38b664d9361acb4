"""Alice owns a mail service whose domain is registered here."""

import pytest

from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.mail import make_mail

DOMAIN = "example.ch"


@pytest.fixture
def mail(organization: Organization) -> Product:
    return make_mail(organization, name=DOMAIN, is_own_domain=True)
