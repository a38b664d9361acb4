"""Routes of the API of tags, and of what a member keeps for the lists."""

from django.urls import path

from products.lists import api, api_kept

OWN = "organizations/<organization>"

urlpatterns = [
    path(f"{OWN}/tags", api.TagList.as_view(), name="tags"),
    path(f"{OWN}/tags/<int:tag_id>", api.TagDetail.as_view(), name="tag"),
    path(f"{OWN}/products/<int:product_id>/tags", api.ProductTags.as_view(), name="product_tags"),
    path(f"{OWN}/product-tags", api.Tagging.as_view(), name="put_tags"),
    path(f"{OWN}/product-filters", api_kept.KeptFilterList.as_view(), name="filters"),
    path(f"{OWN}/product-filters/<int:filter_id>", api_kept.KeptFilterDetail.as_view(), name="filter"),
    path(
        f"{OWN}/product-filters/<int:filter_id>/default",
        api_kept.KeptFilterDefault.as_view(),
        name="default_filter",
    ),
    path(f"{OWN}/product-columns", api_kept.Columns.as_view(), name="columns"),
    path(f"{OWN}/expiry-calendar", api_kept.Calendar.as_view(), name="calendar"),
]
