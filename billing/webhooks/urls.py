"""Where payment providers call."""

from django.urls import path

from billing.webhooks import views

urlpatterns = [path("webhooks/<slug:gateway>/", views.receive, name="webhook")]
