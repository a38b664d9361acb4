"""Pages of the room."""

from django.urls import path

from billing.restores import views

urlpatterns = [
    path("o/<int:organization_id>/billing/restores/<int:product_id>/", views.restore, name="restore"),
]
