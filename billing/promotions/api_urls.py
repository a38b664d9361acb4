"""REST operations on promotions."""

from django.urls import path

from billing.promotions import api

urlpatterns = [path("organizations/<organization>/promotions", api.Promotions.as_view(), name="promotions")]
