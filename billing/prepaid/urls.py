"""Pages of the prepaid account."""

from django.urls import path

from billing.prepaid import views

urlpatterns = [
    path("o/<int:organization_id>/billing/prepaid/", views.prepaid, name="prepaid"),
    path("o/<int:organization_id>/billing/prepaid/movements/", views.movements_csv, name="prepaid_csv"),
    path("o/<int:organization_id>/billing/prepaid/statement/", views.statement, name="prepaid_statement"),
    path(
        "o/<int:organization_id>/billing/prepaid/settings/", views.prepaid_settings, name="prepaid_settings"
    ),
    path("o/<int:organization_id>/billing/prepaid/top-up/", views.top_up, name="top_up"),
]
