"""Pages of the shop for visitors (PRD-1, PRD-3)."""

from django.urls import path

from billing.storefront.views import browse, cart, handover

urlpatterns = [
    path("shop/", browse.storefront, name="storefront"),
    path("shop/families/<slug:slug>/", browse.family, name="storefront_family"),
    path("shop/plans/<slug:slug>/", browse.plan, name="storefront_plan"),
    path("shop/domain-names/", browse.domains, name="storefront_domains"),
    path("shop/currency/", browse.currency, name="storefront_currency"),
    path("shop/cart/", cart.cart, name="storefront_cart"),
    path("shop/cart/<slug:key>/", cart.change, name="storefront_cart_change"),
    path("shop/cart/<slug:key>/remove/", cart.remove, name="storefront_cart_remove"),
    path("shop/checkout/", handover.checkout, name="storefront_checkout"),
    path("o/<int:organization_id>/cart/take-over/", handover.take_over, name="take_over_cart"),
]
