"""Routes of the API of domains."""

from django.urls import path

from products.modules.domain import api_registration, api_zone

DOMAIN = "organizations/<organization>/products/<int:product_id>/domain"

urlpatterns = [
    path(DOMAIN, api_registration.DomainDetail.as_view(), name="domain"),
    path(f"{DOMAIN}/records", api_zone.DomainRecords.as_view(), name="domain_records"),
    path(f"{DOMAIN}/records/<int:record_id>", api_zone.DomainRecord.as_view(), name="domain_record"),
    path(f"{DOMAIN}/zone", api_zone.DomainZone.as_view(), name="domain_zone"),
    path(f"{DOMAIN}/versions", api_zone.DomainVersions.as_view(), name="domain_versions"),
    path(f"{DOMAIN}/versions/<int:number>", api_zone.DomainVersion.as_view(), name="domain_version"),
    path(f"{DOMAIN}/name-servers", api_registration.DomainNameServers.as_view(), name="domain_name_servers"),
    path(f"{DOMAIN}/contacts", api_registration.DomainContacts.as_view(), name="domain_contacts"),
    path(f"{DOMAIN}/contacts/<slug:role>", api_registration.DomainContact.as_view(), name="domain_contact"),
]
