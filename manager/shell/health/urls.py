"""Routes for the machines that watch."""

from django.urls import path

from manager.shell.health import views

urlpatterns = [path("health/", views.health, name="health")]
