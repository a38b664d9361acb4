"""Routes of the profile."""

from django.urls import path

from accounts.profile import views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("confirm-email/<str:token>/", views.email_confirm, name="confirm_email"),
]
