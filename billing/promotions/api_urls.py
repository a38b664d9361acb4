"""REST operations on promotions."""

from django.urls import path

from billing.promotions import api

urlpatterns = [
    path("organizations/<organization>/free-credits", api.FreeCredits.as_view(), name="free_credits"),
    path("organizations/<organization>/used-codes", api.UsedCodes.as_view(), name="used_codes"),
]
