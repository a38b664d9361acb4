"""Routes of the page that shows every component; mounted in development and in tests only."""

from django.urls import path

from manager.shell.styleguide import views

app_name = "styleguide"
urlpatterns = [
    path("", views.components, name="components"),
    path("dialog/", views.dialog, name="dialog"),
    path("<slug:page>/", views.layout, name="layout"),
]
