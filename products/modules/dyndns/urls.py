"""Routes of DynDNS: the pages, and the address that routers know."""

from django.urls import path

from products.modules.dyndns.views import hosts, update

DYNDNS = "o/<int:organization_id>/products/<int:product_id>/dyndns"

urlpatterns = [
    path("nic/update", update.dyndns_update, name="dyndns_update"),
    path(f"{DYNDNS}/", hosts.dyndns, name="dyndns"),
    path(f"{DYNDNS}/<int:host_id>/key/", hosts.dyndns_key, name="dyndns_key"),
    path(f"{DYNDNS}/<int:host_id>/remove/", hosts.dyndns_remove, name="dyndns_remove"),
]
