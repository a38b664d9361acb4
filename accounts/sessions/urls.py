"""Routes of signing in and out."""

from django.urls import path

from accounts.sessions import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("profile/sessions/<int:session_id>/revoke/", views.session_revoke, name="session_revoke"),
    path("profile/devices/<int:device_id>/forget/", views.device_forget, name="device_forget"),
    path("profile/sessions/revoke-others/", views.sessions_revoke_others, name="sessions_revoke_others"),
]
