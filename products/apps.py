"""The Django app `products`."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """Configuration of `products`."""

    name = "products"

    def ready(self) -> None:
        """Tell the floor below, which knows no products, what can be granted and what must end first."""
        from organizations.access.choices import register_product_choices
        from organizations.deletion.conditions import register_condition
        from organizations.support.contents import register_contents
        from products.inventory.choices import find_product_refs, find_products_of_kinds, list_family_choices
        from products.inventory.conditions import no_product_left
        from products.termination.blockers import termination_asked
        from products.transfer.blockers import register_transfer_blocker

        register_product_choices(list_family_choices, find_product_refs)
        register_contents(find_products_of_kinds)
        register_condition(no_product_left)
        register_transfer_blocker(termination_asked)
