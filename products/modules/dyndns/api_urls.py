"""Routes of the API of DynDNS names."""

from django.urls import path

from products.modules.dyndns import api

HOSTS = "organizations/<organization>/products/<int:product_id>/domain/dynamic-hosts"

urlpatterns = [
    path(HOSTS, api.DynamicHosts.as_view(), name="dynamic_hosts"),
    path(f"{HOSTS}/<int:host_id>", api.DynamicHostDetail.as_view(), name="dynamic_host"),
    path(f"{HOSTS}/<int:host_id>/key", api.DynamicHostKey.as_view(), name="dynamic_host_key"),
]
