"""Pages of the room."""

from django.urls import path

from billing.renewals import address_views, views

urlpatterns = [
    path("o/<int:organization_id>/billing/renewals/", views.renewals, name="renewals"),
    path("o/<int:organization_id>/billing/renewals/auto-renew/", views.auto_renew, name="auto_renew"),
    path("o/<int:organization_id>/billing/renewals/address/", address_views.address, name="renewal_address"),
    path(
        "o/<int:organization_id>/billing/renewals/<int:product_id>/means/", views.means, name="renewal_means"
    ),
]
