"""Routes of the pages of domains."""

from django.urls import path

from products.modules.domain.views import registration, zone, zonefile

PRODUCT = "o/<int:organization_id>/products/<int:product_id>"

urlpatterns = [
    path(f"{PRODUCT}/dns/", zone.zone, name="dns_zone"),
    path(f"{PRODUCT}/dns/add/", zone.add, name="dns_add"),
    path(f"{PRODUCT}/dns/records/<int:record_id>/", zone.edit, name="dns_edit"),
    path(f"{PRODUCT}/dns/delete/", zone.delete, name="dns_delete"),
    path(f"{PRODUCT}/dns/import/", zonefile.import_, name="dns_import"),
    path(f"{PRODUCT}/dns/export/", zonefile.export, name="dns_export"),
    path(f"{PRODUCT}/dns/history/", zonefile.history, name="dns_history"),
    path(f"{PRODUCT}/dns/history/<int:number>/", zonefile.version, name="dns_version"),
    path(f"{PRODUCT}/name-servers/", registration.name_servers, name="domain_name_servers"),
    path(f"{PRODUCT}/contacts/", registration.contacts, name="domain_contacts"),
    path(f"{PRODUCT}/contacts/<slug:role>/", registration.contact, name="domain_contact"),
    path(f"{PRODUCT}/domain-transfer/", registration.transfer, name="domain_transfer"),
    path(f"{PRODUCT}/domain-transfer/code/", registration.auth_code, name="domain_auth_code"),
]
