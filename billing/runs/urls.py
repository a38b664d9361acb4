"""Routes of the back office's pages of the runs."""

from django.urls import path

from billing.runs import staff_views

urlpatterns = [
    path("staff/runs/", staff_views.runs, name="staff_runs"),
    path("staff/runs/<int:run_id>/", staff_views.run, name="staff_run"),
    path("staff/quarantine/", staff_views.quarantine, name="staff_quarantine"),
    path("staff/quarantine/release/", staff_views.release, name="staff_quarantine_release"),
]
