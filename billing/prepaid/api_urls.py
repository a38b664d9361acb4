"""REST operations on the prepaid account."""

from django.urls import path

from billing.prepaid import api

urlpatterns = [path("organizations/<organization>/prepaid", api.PrepaidAccount.as_view(), name="prepaid")]
