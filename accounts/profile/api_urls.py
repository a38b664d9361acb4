"""API routes of the profile."""

from django.urls import path

from accounts.profile.api import Profile

urlpatterns = [path("profile", Profile.as_view(), name="profile")]
