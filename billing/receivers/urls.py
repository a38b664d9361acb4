"""Pages of receivers of billing messages, and the public one behind the mailed links."""

from django.urls import path

from billing.receivers import link_views, views

HERE = "o/<int:organization_id>/billing/receivers/"

urlpatterns = [
    path(HERE, views.receivers, name="receivers"),
    path(f"{HERE}add/", views.add_receiver, name="add_receiver"),
    path(f"{HERE}remove/", views.remove_receivers, name="remove_receivers"),
    path(f"{HERE}<int:receiver_id>/", views.edit_receiver, name="edit_receiver"),
    path(f"{HERE}<int:receiver_id>/ask/", views.ask_receiver, name="ask_receiver"),
    path("billing-messages/<str:key>/", link_views.answer_receiver, name="answer_receiver"),
]
