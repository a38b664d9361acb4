"""Routes of a person's security."""

from django.urls import path

from accounts.security import views

urlpatterns = [
    path("profile/security/", views.security, name="security"),
    path("profile/security/password/", views.password_change, name="password_change"),
]
