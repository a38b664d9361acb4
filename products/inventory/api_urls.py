"""Routes of the API of products."""

from django.urls import path

from products.inventory import api

urlpatterns = [
    path("organizations/<organization>/products", api.ProductList.as_view(), name="products"),
    path(
        "organizations/<organization>/products/<int:product_id>",
        api.ProductDetail.as_view(),
        name="product",
    ),
    path(
        "organizations/<organization>/products/<int:product_id>/timeline",
        api.ProductTimeline.as_view(),
        name="product_timeline",
    ),
]
