"""An organization, who leads it, and a program of its own that listens."""

from collections.abc import Iterator

import pytest

from accounts.users.models import User
from organizations.profile.models import Organization
from tests.factories.cast import make_tenant
from tests.factories.members import first_representative
from tests.factories.webhooks import Program, running_program


@pytest.fixture
def organization() -> Organization:
    return make_tenant()


@pytest.fixture
def owner(organization: Organization) -> User:
    return first_representative(organization).user


@pytest.fixture
def program() -> Iterator[Program]:
    with running_program() as running:
        yield running
