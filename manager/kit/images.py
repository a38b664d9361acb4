"""Pictures that people upload: taken apart to bare pixels and written anew (ORG-5, INC-29).

Nothing of the file that came in is kept: no metadata, no second file hidden in it, no script. Vector
formats are not read at all, and the size of a picture is judged before its pixels are unpacked.
"""

import hashlib
import io
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from manager.kit.errors import DomainError

READABLE = ("PNG", "JPEG", "WEBP", "GIF")
PIXELS_AT_MOST = 40_000_000
WHITE = (255, 255, 255)


class Encoding(StrEnum):
    """What a picture is written as."""

    WEBP = "WEBP"
    PNG = "PNG"
    JPEG = "JPEG"

    @property
    def mime_type(self) -> str:
        """The media type of its files."""
        return f"image/{self.lower()}"


_OPTIONS: dict[Encoding, dict[str, int | bool]] = {
    Encoding.WEBP: {"quality": 90, "method": 4},
    Encoding.PNG: {"optimize": True},
    Encoding.JPEG: {"quality": 88, "optimize": True},
}


class ImageRefused(DomainError):
    """The file is no picture that can be taken; the message says why."""

    code = "image_refused"
    status = 422
    field = "file"
    message = _("This file is not a PNG, JPEG, WebP or GIF picture, or it is damaged.")


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A picture of ours: its bytes, what they are, and their SHA-256 in hexadecimal."""

    data: bytes
    mime_type: str
    width: int
    height: int
    digest: str


def reencode_image(
    data: bytes,
    *,
    max_bytes: int,
    max_pixels: int,
    box: tuple[int, int],
    crop: bool = False,
    encoding: Encoding = Encoding.WEBP,
) -> StoredImage:
    """Return the picture in `data`, no larger than `box` (width, height in pixels), written anew.

    The proportions stay; with `crop` what does not fit the proportions of `box` is cut off around the
    middle. A picture is never enlarged. It is turned as its camera said, and is in RGB, with
    transparency where it had some (JPEG: white instead). `max_bytes` and `max_pixels` limit what comes
    in; no picture of more than 40 million pixels is unpacked, whatever `max_pixels` says.

    :raises ImageRefused: no PNG, JPEG, WebP or GIF, damaged, moving, or too large.
    """
    if len(data) > max_bytes:
        raise ImageRefused(
            _("This file is too large. It may have at most %(limit)s kB.") % {"limit": max_bytes // 1000}
        )
    picture = _read_pixels(data, min(max_pixels, PIXELS_AT_MOST))
    picture = _fit(picture, box, crop=crop)
    if encoding is Encoding.JPEG:
        picture = _on_white(picture)
    out = io.BytesIO()
    picture.save(out, encoding.value, **_OPTIONS[encoding])
    written = out.getvalue()
    return StoredImage(
        written, encoding.mime_type, picture.width, picture.height, hashlib.sha256(written).hexdigest()
    )


def _read_pixels(data: bytes, max_pixels: int) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=READABLE) as opened:
            _check_extent(opened, max_pixels)
            opened.load()
            turned = ImageOps.exif_transpose(opened)
            plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    except ImageRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many(max_pixels) from error
    except Exception as error:  # a decoder that is given hostile bytes may raise anything
        raise ImageRefused from error
    # Encoders would write what stands here, such as a colour profile or a comment, again.
    plain.info = {}
    return plain


def _check_extent(opened: Image.Image, max_pixels: int) -> None:
    """Judge by the header alone, before anything is unpacked."""
    if opened.width * opened.height > max_pixels:
        raise _too_many(max_pixels)
    if getattr(opened, "is_animated", False):
        raise ImageRefused(_("Moving pictures are not possible. Please choose one that stands still."))


def _too_many(max_pixels: int) -> ImageRefused:
    return ImageRefused(
        _("This picture has too many pixels. It may have at most %(limit)s million.")
        % {"limit": f"{max_pixels / 1_000_000:g}"}
    )


def _fit(picture: Image.Image, box: tuple[int, int], *, crop: bool) -> Image.Image:
    if not crop:
        picture.thumbnail(box, Image.Resampling.LANCZOS)
        return picture
    scale = min(1.0, picture.width / box[0], picture.height / box[1])
    target = (max(1, round(box[0] * scale)), max(1, round(box[1] * scale)))
    return ImageOps.fit(picture, target, Image.Resampling.LANCZOS)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, WHITE)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground
