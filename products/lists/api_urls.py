"""Routes of the API of tags."""

from django.urls import path

from products.lists import api

urlpatterns = [
    path("organizations/<organization>/tags", api.TagList.as_view(), name="tags"),
    path("organizations/<organization>/tags/<int:tag_id>", api.TagDetail.as_view(), name="tag"),
    path(
        "organizations/<organization>/products/<int:product_id>/tags",
        api.ProductTags.as_view(),
        name="product_tags",
    ),
]
