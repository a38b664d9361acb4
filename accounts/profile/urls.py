"""Routes of the profile."""

from django.urls import path

from accounts.profile import views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/picture/", views.avatar_change, name="avatar_change"),
    path("profile/picture/remove/", views.avatar_remove, name="avatar_remove"),
    path("profile/notifications/", views.notifications, name="notifications"),
    path("profile/security/history/", views.history, name="history"),
    path("pictures/<str:digest>/", views.avatar, name="avatar"),
    path("confirm-email/<str:token>/", views.email_confirm, name="confirm_email"),
]
