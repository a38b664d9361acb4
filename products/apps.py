"""The Django app `products`."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """Configuration of `products`."""

    name = "products"
