"""Routes of the staff."""

from django.urls import path

from accounts.staff import views

urlpatterns = [path("staff/people/", views.staff, name="staff")]
