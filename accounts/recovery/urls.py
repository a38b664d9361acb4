"""Routes of recovery."""

from django.urls import path

from accounts.recovery import views

urlpatterns = [
    path("password-forgotten/", views.password_forgotten, name="password_forgotten"),
    path("password-forgotten/sent/", views.password_forgotten_sent, name="password_forgotten_sent"),
    path("login-forgotten/", views.login_forgotten, name="login_forgotten"),
    path("login-forgotten/sent/", views.login_forgotten_sent, name="login_forgotten_sent"),
    path("password-reset/<str:token>/", views.password_reset, name="password_reset"),
]
