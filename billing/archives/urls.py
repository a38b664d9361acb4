"""Routes of the files of a period (BIL-19)."""

from django.urls import path

from billing.archives import views

OWN = "o/<int:organization_id>/billing/invoices/period"

urlpatterns = [
    path(f"{OWN}/", views.period, name="invoices_period"),
    path(f"{OWN}/<int:archive_id>/", views.archive, name="archive"),
    path(f"{OWN}/<int:archive_id>/file/", views.download_archive, name="download_archive"),
]
