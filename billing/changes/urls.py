"""Routes of the pages of a change of an offer."""

from django.urls import path

from billing.changes import views

PRODUCT = "o/<int:organization_id>/products/<int:product_id>/offer/"

urlpatterns = [
    path(PRODUCT, views.modify, name="modify_offer"),
    path(f"{PRODUCT}<int:change_id>/", views.change, name="change"),
    path(f"{PRODUCT}<int:change_id>/accept/", views.accept, name="accept_change"),
    path(f"{PRODUCT}<int:change_id>/withdraw/", views.withdraw, name="withdraw_change"),
]
