"""API routes of tokens."""

from django.urls import path

from accounts.tokens.listing import TokenDetail, TokenList
from accounts.tokens.use_api import TokenUse

urlpatterns = [
    path("profile/tokens", TokenList.as_view(), name="tokens"),
    path("profile/tokens/<int:token_id>", TokenDetail.as_view(), name="token"),
    path("profile/tokens/<int:token_id>/use", TokenUse.as_view(), name="token_use"),
]
