"""Routes of the back office's page of the ledger."""

from django.urls import path

from billing.proof import views

urlpatterns = [
    path("staff/ledger/", views.proofs, name="staff_ledger"),
    path("staff/ledger/prove/", views.prove, name="staff_ledger_prove"),
]
