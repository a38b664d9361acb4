"""Routes of the pages of transfers."""

from django.urls import path

from products.transfer import views

urlpatterns = [
    path("transfers/<str:key>/", views.transfer_offer, name="transfer_offer"),
    path(
        "o/<int:organization_id>/products/<int:product_id>/transfer/",
        views.offer,
        name="transfer_product",
    ),
    path("o/<int:organization_id>/transfers/", views.transfers, name="transfers"),
    path(
        "o/<int:organization_id>/transfers/<int:transfer_id>/withdraw/",
        views.withdraw,
        name="withdraw_transfer",
    ),
]
