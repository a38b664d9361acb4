"""REST operations on billing addresses."""

from django.urls import path

from billing.profiles import api

urlpatterns = [
    path(
        "organizations/<organization>/billing-addresses", api.BillingAddressList.as_view(), name="addresses"
    ),
    path(
        "organizations/<organization>/billing-addresses/<int:address_id>",
        api.BillingAddressDetail.as_view(),
        name="address",
    ),
]
