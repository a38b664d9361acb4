"""Routes of API tokens."""

from django.urls import path

from accounts.tokens import views

urlpatterns = [
    path("profile/tokens/", views.tokens, name="tokens"),
    path("profile/tokens/new/", views.token_create, name="token_create"),
    path("profile/tokens/<int:token_id>/", views.token, name="token"),
    path("profile/tokens/<int:token_id>/change/", views.token_change, name="token_change"),
    path("profile/tokens/<int:token_id>/rotate/", views.token_rotate, name="token_rotate"),
    path("profile/tokens/<int:token_id>/revoke/", views.token_revoke, name="token_revoke"),
]
