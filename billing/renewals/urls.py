"""Pages of the room."""

from django.urls import path

from billing.renewals import views
from billing.renewals.preference_views import address, means

urlpatterns = [
    path("o/<int:organization_id>/billing/renewals/", views.renewals, name="renewals"),
    path("o/<int:organization_id>/billing/renewals/auto-renew/", views.auto_renew, name="auto_renew"),
    path("o/<int:organization_id>/billing/renewals/address/", address, name="renewal_address"),
    path("o/<int:organization_id>/billing/renewals/means/", means, name="renewal_means"),
]
