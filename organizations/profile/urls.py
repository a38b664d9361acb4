"""Routes of the organization's sheet and of a person's organizations."""

from django.urls import path

from organizations.profile import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/done/", views.registered, name="registered"),
    path("organizations/", views.mine, name="mine"),
    path("organizations/switcher/", views.switcher, name="switcher"),
    path("organizations/new/", views.create, name="create"),
    path("o/<int:organization_id>/switch/", views.switch, name="switch"),
    path("o/<int:organization_id>/settings/", views.settings, name="settings"),
    path("o/<int:organization_id>/settings/logo/", views.upload_logo, name="upload_logo"),
    path("o/<int:organization_id>/settings/logo/remove/", views.remove_logo, name="remove_logo"),
    path("o/<int:organization_id>/settings/vat-check/", views.check_vat, name="check_vat"),
    path("o/<int:organization_id>/logo/<str:digest>/", views.logo, name="logo"),
]
