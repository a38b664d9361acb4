"""Which rows of the modules travel with a product to its new organization."""

from organizations.tenancy.models import OrganizationOwned

_models: list[type[OrganizationOwned]] = []


def register_luggage(*models: type[OrganizationOwned]) -> None:
    """Let the rows of these models, by their `product`, go with it; called at start-up.

    In the order in which they can be made: a model after those that it refers to.
    """
    _models.extend(model for model in models if model not in _models)


def list_luggage() -> list[type[OrganizationOwned]]:
    """Return the models whose rows travel."""
    return list(_models)
