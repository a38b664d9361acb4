"""Pages of disputes: the back office's (BIL-14)."""

from django.urls import path

from billing.disputes import staff_views

urlpatterns = [
    path("staff/disputes/", staff_views.disputes, name="staff_disputes"),
    path("staff/disputes/<int:dispute_id>/", staff_views.dispute, name="staff_dispute"),
    path("staff/disputes/<int:dispute_id>/suspend/", staff_views.suspend, name="staff_dispute_suspend"),
]
