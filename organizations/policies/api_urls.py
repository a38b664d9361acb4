"""API routes of what an organization demands of logins."""

from django.urls import path

from organizations.policies import api

urlpatterns = [
    path(
        "organizations/<organization>/second-factor-policy",
        api.SecondFactorPolicyDetail.as_view(),
        name="second_factor_policy",
    ),
]
