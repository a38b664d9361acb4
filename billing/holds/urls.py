"""Pages of held orders: the customer's, and the back office's (PRD-5)."""

from django.urls import path

from billing.holds import staff_views, views

urlpatterns = [
    path(
        "o/<int:organization_id>/billing/orders/<int:order_id>/send-check/",
        views.send_again,
        name="send_order_check",
    ),
    path("staff/held-orders/", staff_views.holds, name="staff_holds"),
    path("staff/order-rules/", staff_views.rules, name="staff_hold_rules"),
    path("staff/order-rules/<slug:kind>/", staff_views.rule, name="staff_hold_rule"),
    path("staff/held-orders/<int:hold_id>/", staff_views.hold, name="staff_hold"),
    path("staff/held-orders/<int:hold_id>/send-again/", staff_views.send_again, name="staff_hold_send"),
    path("staff/held-orders/<int:hold_id>/release/", staff_views.release, name="staff_hold_release"),
    path("staff/held-orders/<int:hold_id>/refuse/", staff_views.refuse, name="staff_hold_refuse"),
]
