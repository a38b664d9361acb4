"""Routes of the organization's sheet and of a person's organizations."""

from django.urls import path

from organizations.profile import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/done/", views.registered, name="registered"),
    path("organizations/", views.mine, name="mine"),
    path("organizations/new/", views.create, name="create"),
    path("o/<int:organization_id>/switch/", views.switch, name="switch"),
    path("o/<int:organization_id>/settings/", views.settings, name="settings"),
]
