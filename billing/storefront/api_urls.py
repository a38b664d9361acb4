"""REST operations of the shop for everybody."""

from django.urls import path

from billing.storefront import api

urlpatterns = [path("domain-names", api.PublicDomainNames.as_view(), name="public_domain_names")]
