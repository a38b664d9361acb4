"""Routes of the API of `products`."""

from django.urls import include, path

urlpatterns = [
    path("", include("products.actions.api_urls")),
    path("", include("products.catalog.api_urls")),
    path("", include("products.inventory.api_urls")),
    path("", include("products.lists.api_urls")),
    path("", include("products.modules.domain.api_urls")),
    path("", include("products.modules.dyndns.api_urls")),
    path("", include("products.modules.mail.api_urls")),
    path("", include("products.termination.api_urls")),
    path("", include("products.transfer.api_urls")),
]
