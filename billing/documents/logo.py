"""The picture at the head of the documents of a company that sells."""

from billing.documents.models import SellerLogo
from billing.profiles.models import LegalEntity
from manager.kit.images import Encoding, reencode_image

MOST_BYTES = 2_000_000
MOST_PIXELS = 16_000_000
# In pixels: 70 by 13 millimetres at 300 dots an inch.
BOX = (827, 154)


def set_logo(*, legal_entity: LegalEntity, picture: bytes) -> None:
    """Put `picture` at the head of the documents that are made from now on; it is written anew as PNG.

    The operator's role alone may.

    :raises ImageRefused: it is no picture, or too large.
    """
    written = reencode_image(
        picture, max_bytes=MOST_BYTES, max_pixels=MOST_PIXELS, box=BOX, encoding=Encoding.PNG
    )
    SellerLogo.objects.using("system").update_or_create(
        legal_entity_id=legal_entity.pk, defaults={"picture": written.data}
    )


def remove_logo(*, legal_entity: LegalEntity) -> bool:
    """Put the panel's own mark at the head again; say whether there was a logo."""
    gone, _by_model = SellerLogo.objects.using("system").filter(legal_entity_id=legal_entity.pk).delete()
    return bool(gone)


def read_logo(*, legal_entity: LegalEntity) -> list[int] | None:
    """Return the logo's PNG byte by byte, as the typesetter takes it, or None."""
    logo = SellerLogo.objects.filter(legal_entity=legal_entity).first()
    return list(bytes(logo.picture)) if logo else None
