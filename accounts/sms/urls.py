"""Routes of codes by SMS."""

from django.urls import path

from accounts.sms import views

urlpatterns = [
    path("sign-in/sms/", views.sms_step, name="sms_step"),
    path("profile/security/sms/", views.sms_add, name="sms_add"),
    path("profile/security/sms/confirm/", views.sms_confirm, name="sms_confirm"),
]
