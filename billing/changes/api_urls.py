"""REST operations on changes of an offer."""

from django.urls import path

from billing.changes import api

PRODUCT = "organizations/<organization>/products/<int:product_id>/changes"

urlpatterns = [
    path(PRODUCT, api.ChangeList.as_view(), name="changes"),
    path(f"{PRODUCT}/<int:change_id>", api.ChangeDetail.as_view(), name="change"),
    path(f"{PRODUCT}/<int:change_id>/accept", api.ChangeAccept.as_view(), name="accept_change"),
    path(f"{PRODUCT}/<int:change_id>/withdraw", api.ChangeWithdraw.as_view(), name="withdraw_change"),
]
