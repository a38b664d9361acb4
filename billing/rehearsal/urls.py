"""Pages of the room."""

from django.urls import path

from billing.rehearsal import staff_views, views

urlpatterns = [
    path("o/<int:organization_id>/billing/renewals/check/", views.check, name="check_renewals"),
    path("staff/failing-charges/", staff_views.findings, name="staff_findings"),
    path("staff/failing-charges/check/", staff_views.check, name="staff_findings_check"),
]
