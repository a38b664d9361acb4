"""Routes of a person's security."""

from django.urls import path

from accounts.security.views import login, overview, recovery

LOGIN = "profile/security/login/"
RECOVERY = "profile/security/recovery-email/"

urlpatterns = [
    path("profile/security/", overview.security, name="security"),
    path("profile/security/password/", overview.password_change, name="password_change"),
    path(LOGIN, login.login_change, name="login_change"),
    path(f"{LOGIN}resend/", login.login_change_resend, name="login_change_resend"),
    path(f"{LOGIN}cancel/", login.login_change_cancel, name="login_change_cancel"),
    path(f"{LOGIN}confirm/<str:key>/", login.login_change_confirm, name="login_change_confirm"),
    path("login-change/stop/<str:key>/", login.login_change_stop, name="login_change_stop"),
    path("login-change/undo/<str:key>/", login.login_change_undo, name="login_change_undo"),
    path("login-change/undone/", login.login_change_undone, name="login_change_undone"),
    path(RECOVERY, recovery.recovery_email, name="recovery_email"),
    path(f"{RECOVERY}resend/", recovery.recovery_email_resend, name="recovery_email_resend"),
    path(f"{RECOVERY}cancel/", recovery.recovery_email_cancel, name="recovery_email_cancel"),
    path(f"{RECOVERY}confirm/<str:key>/", recovery.recovery_email_confirm, name="recovery_email_confirm"),
    path(f"{RECOVERY}remove/", recovery.recovery_email_remove, name="recovery_email_remove"),
    path("profile/security/phone/", recovery.phone_change, name="phone_change"),
]
