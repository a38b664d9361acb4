"""Routes of the pages of `products`."""

from django.urls import include, path

app_name = "products"

urlpatterns = [
    path("", include("products.inventory.urls")),
    path("", include("products.lists.urls")),
    path("", include("products.actions.urls")),
    path("", include("products.catalog.urls")),
    path("", include("products.modules.mail.urls")),
    path("", include("products.modules.domain.urls")),
    path("", include("products.modules.dyndns.urls")),
    path("", include("products.provisioning.urls")),
    path("", include("products.termination.urls")),
    path("", include("products.transfer.urls")),
    path("", include("products.warranty.urls")),
]
