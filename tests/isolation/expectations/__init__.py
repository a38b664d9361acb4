"""Who may do what: one line for each route. A route without a line fails the matrix.

A line gives each method the right that it asks for; `RIGHTS` says who has it. Members are written as
role and billing right: `LR` legal representative, `A` administrator, `C` collaborator, `E` external user,
a `+` for the billing right. Everybody else who is signed in gets 404 for an organization's address, and a
member without the right gets 403. Methods that a line leaves out are refused to everybody.
"""

from tests.isolation.expectations.operations import OPERATIONS, OWN_OPERATIONS
from tests.isolation.expectations.pages import PAGES
from tests.isolation.expectations.people import PERSONAL
from tests.isolation.expectations.policies import PERSON
from tests.isolation.expectations.public import PUBLIC
from tests.isolation.expectations.requests import (
    ANSWERS_BEHIND_THE_GUARD,
    BODIES,
    LEAVERS,
    MISSING_IS_DONE,
    PARAMETERS,
)
from tests.isolation.expectations.roles import EVERYBODY, RIGHTS
from tests.isolation.expectations.staff import STAFF

__all__ = [
    "ANSWERS_BEHIND_THE_GUARD",
    "BODIES",
    "EVERYBODY",
    "LEAVERS",
    "MISSING_IS_DONE",
    "OPERATIONS",
    "OWN_OPERATIONS",
    "PAGES",
    "PARAMETERS",
    "PERSON",
    "PERSONAL",
    "PUBLIC",
    "RIGHTS",
    "STAFF",
]
