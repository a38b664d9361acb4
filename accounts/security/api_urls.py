"""API routes of a person's security."""

from django.urls import path

from accounts.security import api

urlpatterns = [
    path("profile/login", api.Login.as_view(), name="login"),
    path("profile/login/cancel", api.LoginCancellation.as_view(), name="login_cancel"),
    path("profile/login/resend", api.LoginSending.as_view(), name="login_resend"),
    path("profile/recovery-email", api.RecoveryEmail.as_view(), name="recovery_email"),
    path(
        "profile/recovery-email/cancel",
        api.RecoveryEmailCancellation.as_view(),
        name="recovery_email_cancel",
    ),
    path("profile/recovery-email/resend", api.RecoveryEmailSending.as_view(), name="recovery_email_resend"),
    path("profile/recovery-email/remove", api.RecoveryEmailRemoval.as_view(), name="recovery_email_remove"),
    path("profile/phone", api.Phone.as_view(), name="phone"),
    path("profile/password", api.Password.as_view(), name="password"),
    path("profile/sessions", api.SessionList.as_view(), name="sessions"),
    path("profile/sessions/revoke-others", api.OtherSessions.as_view(), name="sessions_revoke_others"),
    path("profile/sessions/<int:session_id>", api.SessionDetail.as_view(), name="session"),
    path("profile/second-factors", api.FactorList.as_view(), name="second_factors"),
]
