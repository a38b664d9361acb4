"""Pages of the saved means."""

from django.urls import path

from billing.payment_methods import views

PREFIX = "o/<int:organization_id>/billing/payment-methods/"

urlpatterns = [
    path(PREFIX, views.methods, name="payment_methods"),
    path(PREFIX + "add/", views.add, name="add_payment_method"),
    path(PREFIX + "added/<int:setup_id>/", views.setup_return, name="payment_method_return"),
    path(PREFIX + "<int:method_id>/rename/", views.rename, name="rename_payment_method"),
    path(PREFIX + "<int:method_id>/default/", views.make_default, name="default_payment_method"),
    path(PREFIX + "<int:method_id>/move/", views.move, name="move_payment_method"),
    path(PREFIX + "<int:method_id>/remove/", views.remove, name="remove_payment_method"),
]
