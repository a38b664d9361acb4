"""End the offers whose seven days are over."""

from datetime import datetime

from manager.kit.actor import Actor
from manager.kit.errors import IllegalTransition
from products.transfer.models import Transfer
from products.transfer.services import expire_transfer
from products.transfer.status import TransferStatus

BATCH = 500
ACTOR = Actor.system("transfers")


def drain_expired_transfers(*, at: datetime) -> int:
    """Expire every open offer that is over at `at`; return how many."""
    over = Transfer.objects.using("system").filter(status=TransferStatus.OFFERED, expires_at__lte=at)
    done = 0
    for transfer in list(over.order_by("expires_at")[:BATCH]):
        try:
            expire_transfer(transfer=transfer, actor=ACTOR, at=at)
        except IllegalTransition:  # answered since we looked
            continue
        done += 1
    return done
