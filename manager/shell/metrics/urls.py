"""Route of the metrics."""

from django.urls import path

from manager.shell.metrics import views

urlpatterns = [path("metrics/", views.metrics, name="metrics")]
