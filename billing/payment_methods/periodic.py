"""What happens to saved means with time."""

import logging
from datetime import datetime

from billing.payment_methods.expiry import find_to_tell, tell_of_ending_cards
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)


def drain_ending_cards(*, at: datetime) -> int:
    """Tell of cards that end soon; return how many. Any number may run at once."""
    told = 0
    for organization_id in find_to_tell(today=at.date()):
        try:
            with tenant_scope(organization_id):
                told += tell_of_ending_cards(organization_id=organization_id, today=at.date(), at=at)
        except Exception:  # one organization must not stop the others
            logger.exception("Organization %s could not be told of its cards.", organization_id)
    return told
