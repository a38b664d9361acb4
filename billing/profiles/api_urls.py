"""REST operations on billing addresses."""

from django.urls import path

from billing.profiles import api, purchase_order_api

urlpatterns = [
    path(
        "organizations/<organization>/purchase-orders",
        purchase_order_api.PurchaseOrderList.as_view(),
        name="purchase_orders",
    ),
    path(
        "organizations/<organization>/purchase-orders/<int:purchase_order_id>",
        purchase_order_api.PurchaseOrderDetail.as_view(),
        name="purchase_order",
    ),
    path(
        "organizations/<organization>/billing-addresses", api.BillingAddressList.as_view(), name="addresses"
    ),
    path(
        "organizations/<organization>/billing-addresses/<int:address_id>",
        api.BillingAddressDetail.as_view(),
        name="address",
    ),
    path(
        "organizations/<organization>/billing-addresses/<int:address_id>/default",
        api.BillingAddressDefault.as_view(),
        name="default_billing_address",
    ),
]
