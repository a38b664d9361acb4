"""Routes of the pages of products."""

from django.urls import path

from products.inventory import views

urlpatterns = [
    path("o/<int:organization_id>/products/<int:product_id>/", views.product_page, name="product"),
    path("o/<int:organization_id>/products/<int:product_id>/rename/", views.rename, name="rename"),
]
