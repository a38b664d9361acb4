"""Where payment providers call, and the back office's page of what they told."""

from django.urls import path

from billing.webhooks import staff_views, views

urlpatterns = [
    path("webhooks/<slug:gateway>/", views.receive, name="webhook"),
    path("staff/provider-messages/", staff_views.events, name="staff_messages"),
    path("staff/provider-messages/replay/", staff_views.replay, name="staff_messages_replay"),
]
