"""QR codes for pages, as pictures that need no request of their own."""

import segno


def draw_qr(text: str) -> str:
    """Return the QR code of `text` as the address of a picture (`data:`), for `<c-qr-frame>`."""
    return str(segno.make(text, error="m").svg_data_uri(border=2, scale=4, omitsize=True))
