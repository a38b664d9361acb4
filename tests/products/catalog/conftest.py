"""Staff who edit the catalogue."""

import pytest
from django.test import Client

from tests.factories.identity import make_staff, staff_client


@pytest.fixture
def editor() -> Client:
    """A member of the staff with the right, who has come in with a second factor."""
    return staff_client(make_staff("products.edit_catalog"))
