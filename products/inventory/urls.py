"""Routes of the pages of products."""

from django.urls import path

from products.inventory import views

urlpatterns = [
    path("o/<int:organization_id>/products/", views.product_list, name="list"),
    path("o/<int:organization_id>/products/<int:product_id>/", views.product_page, name="product"),
    path("o/<int:organization_id>/products/<int:product_id>/rename/", views.rename, name="rename"),
    path("o/<int:organization_id>/products/<slug:family>/", views.product_family, name="family"),
]
