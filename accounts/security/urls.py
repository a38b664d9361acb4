"""Routes of a person's security."""

from django.urls import path

from accounts.recovery.models import AddressKind
from accounts.security.views import login, overview, recovery, waiting

LOGIN = "profile/security/login/"
RECOVERY = "profile/security/recovery-email/"
OF_LOGIN, OF_RECOVERY = {"kind": AddressKind.LOGIN}, {"kind": AddressKind.RECOVERY}

urlpatterns = [
    path("profile/security/", overview.security, name="security"),
    path("profile/security/password/", overview.password_change, name="password_change"),
    path(LOGIN, login.login_change, name="login_change"),
    path(f"{LOGIN}resend/", waiting.resend, OF_LOGIN, name="login_change_resend"),
    path(f"{LOGIN}cancel/", waiting.cancel, OF_LOGIN, name="login_change_cancel"),
    path(f"{LOGIN}confirm/<str:key>/", login.login_change_confirm, name="login_change_confirm"),
    path("login-change/stop/<str:key>/", login.login_change_stop, name="login_change_stop"),
    path("login-change/undo/<str:key>/", login.login_change_undo, name="login_change_undo"),
    path("login-change/undone/", login.login_change_undone, name="login_change_undone"),
    path(RECOVERY, recovery.recovery_email, name="recovery_email"),
    path(f"{RECOVERY}resend/", waiting.resend, OF_RECOVERY, name="recovery_email_resend"),
    path(f"{RECOVERY}cancel/", waiting.cancel, OF_RECOVERY, name="recovery_email_cancel"),
    path(f"{RECOVERY}confirm/<str:key>/", recovery.recovery_email_confirm, name="recovery_email_confirm"),
    path(f"{RECOVERY}remove/", recovery.recovery_email_remove, name="recovery_email_remove"),
    path("profile/security/phone/", recovery.phone_change, name="phone_change"),
]
