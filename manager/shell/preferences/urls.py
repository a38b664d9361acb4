"""Routes of the switches in the profile menu."""

from django.urls import path

from manager.shell.preferences import views

urlpatterns = [
    path("preferences/theme/", views.theme, name="theme"),
    path("preferences/language/", views.language, name="language"),
]
