"""Routes of the second factor."""

from django.urls import path

from accounts.mfa import views

urlpatterns = [
    path("sign-in/code/", views.second_step, name="second_step"),
    path("profile/security/prove/", views.prove, name="prove"),
    path("profile/security/authenticator/start/", views.totp_start, name="totp_start"),
    path("profile/security/authenticator/", views.totp_enable, name="totp_enable"),
    path("profile/security/authenticator/remove/", views.totp_disable, name="totp_disable"),
    path("profile/security/backup-codes/", views.backup_codes, name="backup_codes"),
]
