"""API routes of tokens."""

from django.urls import path

from accounts.tokens.listing import TokenList

urlpatterns = [path("profile/tokens", TokenList.as_view(), name="tokens")]
