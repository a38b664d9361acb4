"""Routes of closing an account."""

from django.urls import path

from accounts.closing import views

urlpatterns = [
    path("profile/close/", views.close, name="close_account"),
    path("profile/export/", views.export, name="export_account"),
]
