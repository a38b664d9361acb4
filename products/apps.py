"""The Django app `products`."""

from importlib import import_module

from django.apps import AppConfig

# What registers itself when it is read: rights, sections of pages, what kinds of products can be asked for.
REGISTERED = (
    "products.catalog.rights",
    "products.provisioning.rights",
    "products.inventory.announced",
    "products.actions.progress",
    "products.actions.sections",
    "products.inventory.subjects",
    "products.lists.sections",
    "products.lists.subjects",
    "products.modules.mail.sections",
    "products.modules.domain.actions",
    "products.modules.domain.sections",
    "products.modules.nas.actions",
    "products.modules.vps.actions",
    "products.modules.vps.paper",
    "products.modules.vps.sections",
    "products.provisioning.subjects",
    "products.termination.subjects",
    "products.warranty.subjects",
)


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
        from products.inventory.outlook import register_notices, register_outlook
        from products.modules.domain.models import Domain, ZoneVersion
        from products.modules.dyndns.models import DynamicHost
        from products.modules.mail.account_password import register_account_password
        from products.modules.mail.models import Mailbox, MailDomain, MailRoute
        from products.termination.blockers import termination_asked
        from products.termination.notices import waiting_termination
        from products.transfer.blockers import register_transfer_blocker
        from products.transfer.luggage import register_luggage
        from products.warranty import rights  # noqa: F401 - names the right of the back office
        from products.warranty.selectors import warrant_outlook

        register_product_choices(list_family_choices, find_product_refs)
        register_contents(find_products_of_kinds)
        register_condition(no_product_left)
        register_transfer_blocker(termination_asked)
        register_account_password()
        register_luggage(MailDomain, Mailbox, MailRoute, Domain, ZoneVersion, DynamicHost)
        register_notices(waiting_termination)
        register_outlook(warrant_outlook)
        for module in REGISTERED:
            import_module(module)
