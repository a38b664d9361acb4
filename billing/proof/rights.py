"""The right of the back office that this room guards."""

from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import register_right

PROVE_LEDGER = "billing.prove_ledger"

register_right(PROVE_LEDGER, _("See and prove the ledger"))
