"""Routes of provisioning: the back office's pages, and where machines call back."""

from django.urls import path

from products.provisioning.views import callback, staff

urlpatterns = [
    path("staff/provisioning/", staff.services, name="staff_provisioning"),
    path("staff/provisioning/retry/", staff.retry_services, name="staff_provisioning_retry"),
    path("staff/provisioning/actions/", staff.actions, name="staff_provisioning_actions"),
    path("staff/provisioning/actions/mend/", staff.mend_actions, name="staff_provisioning_mend"),
    path("webhooks/provisioning/<slug:driver>/", callback.callback, name="provisioning_callback"),
]
