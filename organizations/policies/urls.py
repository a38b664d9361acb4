"""Routes of what an organization demands of logins."""

from django.urls import path

from organizations.policies import views

urlpatterns = [
    path("o/<int:organization_id>/security/second-factor/", views.second_factor, name="second_factor_policy"),
    path("o/<int:organization_id>/security/second-factor/lift/", views.lift, name="lift_second_factor"),
]
