"""Route of the products menu."""

from django.urls import path

from manager.shell.products import views

urlpatterns = [path("o/<int:organization_id>/products-menu/", views.products_menu, name="products_menu")]
