"""Route of the operator's accent."""

from django.urls import path

from manager.shell.brand import views

app_name = "brand"
urlpatterns = [path("brand.css", views.stylesheet, name="stylesheet")]
