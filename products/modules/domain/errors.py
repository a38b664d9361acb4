"""Refusals that several verbs of domains share."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, NotFound


class DomainNotFound(NotFound):
    """The product is no domain, or is not set up yet."""

    message = _("This product has no such page.")


class RecordNotFound(NotFound):
    """The zone has no such record any more."""

    code = "record_not_found"
    message = _("This record does not exist any more.")


class VersionNotFound(NotFound):
    """The zone's version does not exist, or is not kept any more."""

    code = "version_not_found"
    message = _("This version does not exist, or is not kept any more.")


class DomainNotRunning(DomainError):
    """Nothing can be changed while the domain is suspended, expired or not set up."""

    code = "domain_not_running"
    message = _("This is possible only while the domain is active.")


class ZoneChanged(DomainError):
    """Somebody else has changed the zone since the page was opened."""

    code = "zone_changed"
    message = _(
        "The zone was changed meanwhile. Nothing was saved; please look at it and send your change again."
    )
