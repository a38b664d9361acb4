"""Pages of billing addresses (BIL-8)."""

from django.urls import path

from billing.profiles import purchase_order_views, views

urlpatterns = [
    path(
        "o/<int:organization_id>/billing/order-numbers/",
        purchase_order_views.purchase_orders,
        name="purchase_orders",
    ),
    path(
        "o/<int:organization_id>/billing/order-numbers/<int:purchase_order_id>/remove/",
        purchase_order_views.remove_purchase_order,
        name="remove_purchase_order",
    ),
    path("o/<int:organization_id>/billing/addresses/", views.billing_addresses, name="billing_addresses"),
    path("o/<int:organization_id>/billing/addresses/add/", views.add_address, name="add_billing_address"),
    path(
        "o/<int:organization_id>/billing/addresses/<int:address_id>/",
        views.edit_address,
        name="edit_billing_address",
    ),
    path(
        "o/<int:organization_id>/billing/addresses/<int:address_id>/default/",
        views.make_default,
        name="default_billing_address",
    ),
    path(
        "o/<int:organization_id>/billing/addresses/<int:address_id>/remove/",
        views.remove_address,
        name="remove_billing_address",
    ),
]
