"""Read what the pages about a person's organizations show."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.users.models import User
from manager.kit.scope import person_scope, tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.members.selectors import list_memberships_of
