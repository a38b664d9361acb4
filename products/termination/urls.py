"""Routes of the pages of terminations."""

from django.urls import path

from products.termination import views

urlpatterns = [
    path("o/<int:organization_id>/terminations/", views.terminations, name="terminations"),
    path("o/<int:organization_id>/terminations/new/", views.terminate, name="terminate"),
    path(
        "o/<int:organization_id>/terminations/<int:termination_id>/withdraw/",
        views.withdraw,
        name="withdraw_termination",
    ),
    path(
        "o/<int:organization_id>/terminations/<int:termination_id>/confirm/<str:key>/",
        views.confirm,
        name="confirm_termination",
    ),
    path("o/<int:organization_id>/products/<int:product_id>/restore/", views.restore, name="restore_product"),
]
