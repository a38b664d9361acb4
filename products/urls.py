"""Routes of the pages of `products`."""

from django.urls import include, path

app_name = "products"

urlpatterns = [
    path("", include("products.inventory.urls")),
    path("", include("products.termination.urls")),
    path("", include("products.transfer.urls")),
]
