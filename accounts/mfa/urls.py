"""Routes of the second factor."""

from django.urls import path

from accounts.mfa import views

urlpatterns = [
    path("sign-in/code/", views.second_step, name="second_step"),
    path("sign-in/ways/", views.ways, name="second_step_ways"),
    path("profile/security/prove/", views.prove, name="prove"),
    path("profile/security/authenticator/", views.totp_enable, name="totp_enable"),
    path("profile/security/backup-codes/", views.backup_codes, name="backup_codes"),
    path(
        "profile/security/factors/<slug:kind>/<int:factor_id>/remove/",
        views.factor_remove,
        name="factor_remove",
    ),
    path(
        "profile/security/factors/<slug:kind>/<int:factor_id>/rename/",
        views.factor_rename,
        name="factor_rename",
    ),
]
