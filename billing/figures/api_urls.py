"""REST operations on figures."""

from django.urls import path

from billing.figures import api

urlpatterns = [
    path(
        "organizations/<organization>/figures/spending", api.SpendFigures.as_view(), name="figures_spending"
    ),
    path(
        "organizations/<organization>/figures/forecast",
        api.ForecastFigures.as_view(),
        name="figures_forecast",
    ),
]
