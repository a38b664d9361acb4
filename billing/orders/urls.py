"""Pages of the shop, the cart, the checkout and the orders (PRD-3, PRD-4)."""

from django.urls import path

from billing.orders.views import cart, checkout, orders, shop

urlpatterns = [
    path("o/<int:organization_id>/shop/", shop.shop, name="shop"),
    path("o/<int:organization_id>/shop/plans/<slug:slug>/", shop.plan, name="shop_plan"),
    path("o/<int:organization_id>/shop/domain-names/", shop.domains, name="shop_domains"),
    path("o/<int:organization_id>/shop/<slug:slug>/", shop.family, name="shop_family"),
    path("o/<int:organization_id>/cart/", cart.cart, name="cart"),
    path("o/<int:organization_id>/cart/<int:line_id>/", cart.change, name="cart_change"),
    path("o/<int:organization_id>/cart/<int:line_id>/remove/", cart.remove, name="cart_remove"),
    path("o/<int:organization_id>/checkout/", checkout.checkout, name="checkout"),
    path("o/<int:organization_id>/billing/orders/", orders.orders, name="orders"),
    path("o/<int:organization_id>/billing/orders/<int:order_id>/", orders.order, name="order"),
    path("o/<int:organization_id>/billing/orders/<int:order_id>/cancel/", orders.cancel, name="cancel_order"),
]
