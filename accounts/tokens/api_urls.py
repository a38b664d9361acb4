"""API routes of tokens."""

from django.urls import path

from accounts.tokens.listing import TokenDetail, TokenList

urlpatterns = [
    path("profile/tokens", TokenList.as_view(), name="tokens"),
    path("profile/tokens/<int:token_id>", TokenDetail.as_view(), name="token"),
]
