"""Routes of passkeys."""

from django.urls import path

from accounts.passkeys import views

urlpatterns = [
    path("sign-in/passkey/", views.passkey_sign_in, name="passkey_sign_in"),
    path("sign-in/passkey/options/", views.passkey_sign_in_options, name="passkey_sign_in_options"),
    path("sign-in/code/passkey/", views.passkey_step, name="passkey_step"),
    path("sign-in/code/passkey/options/", views.passkey_step_options, name="passkey_step_options"),
    path("profile/security/passkeys/add/", views.passkey_add, name="passkey_add"),
    path("profile/security/passkeys/options/", views.passkey_add_options, name="passkey_add_options"),
]
