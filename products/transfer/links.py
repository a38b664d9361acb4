"""The address of an offer, as it is passed on."""

from django.conf import settings
from django.urls import reverse

from products.transfer.models import Transfer
from products.transfer.secrets import transfer_key


def transfer_url(transfer: Transfer) -> str:
    """Return the whole address of the page that answers the offer; secret."""
    path = reverse("products:transfer_offer", args=[transfer_key(transfer)])
    return f"{settings.PUBLIC_BASE_URL}{path}"
