"""API routes of the profile."""

from django.urls import path

from accounts.profile.api import History, Notifications, Profile

urlpatterns = [
    path("profile", Profile.as_view(), name="profile"),
    path("profile/history", History.as_view(), name="history"),
    path("profile/notifications", Notifications.as_view(), name="notifications"),
]
