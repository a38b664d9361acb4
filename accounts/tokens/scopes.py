"""What a token may do: the one vocabulary of scopes (ACC-16)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """A part of the API, to read or to change. The person's own rights hold besides (API-2)."""

    PROFILE_READ = "profile:read", _("Read your profile")
    PROFILE_WRITE = "profile:write", _("Change your profile")
    ORGANIZATIONS_READ = "organizations:read", _("Read organizations and members")
    ORGANIZATIONS_WRITE = "organizations:write", _("Change organizations and members")
    PRODUCTS_READ = "products:read", _("Read products")
    PRODUCTS_WRITE = "products:write", _("Order and change products")
    BILLING_READ = "billing:read", _("Read invoices and payments")
    BILLING_WRITE = "billing:write", _("Pay and change billing data")
