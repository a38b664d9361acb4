"""Routes of the back office's start page."""

from django.urls import path

from manager.shell.staff import views

urlpatterns = [path("staff/", views.home, name="staff_home")]
