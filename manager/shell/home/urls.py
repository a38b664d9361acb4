"""Routes of the home pages."""

from django.urls import path

from manager.shell.home import views

urlpatterns = [
    path("", views.entrance, name="entrance"),
    path("o/<int:organization_id>/", views.home, name="home"),
]
