"""Uploaded pictures are written anew or refused (ORG-5, INC-29)."""

import hashlib
import io
import random
import struct
import zipfile
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from manager.kit.images import Encoding, ImageRefused, StoredImage, reencode_image

LIMITS: dict[str, Any] = {"max_bytes": 2_000_000, "max_pixels": 16_000_000, "box": (480, 120)}
SCRIPT = b"=1;alert(document.domain);/*"


def picture(kind: str, size: tuple[int, int] = (200, 100), mode: str = "RGB", **more: Any) -> bytes:
    """Return a file of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, "#c03020").save(out, kind, **more)
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, pixels: bytes, *, before: bytes = b"") -> bytes:
    """Return a PNG file that says it has these dimensions, in shades of grey."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def reread(stored: StoredImage) -> Image.Image:
    """Return what a browser would see."""
    return Image.open(io.BytesIO(stored.data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_raster_pictures_are_written_anew(kind: str) -> None:
    """ORG-5: whatever comes in, WebP comes out, under its own digest."""
    stored = reencode_image(picture(kind), **LIMITS)
    assert (stored.mime_type, reread(stored).format) == ("image/webp", "WEBP")
    assert (stored.width, stored.height) == reread(stored).size == (200, 100)
    assert stored.digest == hashlib.sha256(stored.data).hexdigest()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<!doctype html><script>alert(1)</script>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"%PDF-1.7\n",
        random.Random(1).randbytes(4000),
        picture("BMP"),
        picture("TIFF"),
        picture("ICO", (32, 32)),
    ],
    ids=["empty", "gif-header", "svg", "xml-svg", "html", "eps", "pdf", "noise", "bmp", "tiff", "ico"],
)
def test_refuses_what_is_no_raster_picture_of_the_web(data: bytes) -> None:
    """INC-29: SVG and HTML are never read, other formats of the library neither."""
    with pytest.raises(ImageRefused):
        reencode_image(data, **LIMITS)


def test_a_picture_that_is_a_script_as_well_loses_the_script() -> None:
    """INC-29: a polyglot of GIF and JavaScript is a picture only afterwards."""
    gif = picture("GIF", (64, 64))
    polyglot = gif[:-1] + b"\x21\xfe" + bytes([len(SCRIPT)]) + SCRIPT + b"\x00\x3b" + b"*/" + SCRIPT
    stored = reencode_image(polyglot, **LIMITS)
    assert SCRIPT in polyglot
    assert b"alert" not in stored.data


def test_an_archive_behind_a_picture_is_gone_afterwards() -> None:
    """INC-29: a polyglot of PNG and ZIP."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb.txt", b"0" * 10_000_000)
    stored = reencode_image(picture("PNG") + archive.getvalue(), **LIMITS)
    assert b"PK\x03\x04" not in stored.data
    assert b"bomb.txt" not in stored.data


def test_refuses_a_picture_of_20_000_by_20_000_by_its_header() -> None:
    """INC-29: the pixels are not unpacked: these are not even there."""
    with pytest.raises(ImageRefused, match="too many pixels"):
        reencode_image(png_of(20_000, 20_000, b""), **LIMITS)


@pytest.mark.parametrize("extent", [(4001, 4000), (9400, 9500), (2**31 - 1, 2**31 - 1)])
def test_refuses_more_pixels_than_allowed(extent: tuple[int, int]) -> None:
    """INC-29: also below the library's own limit, and at numbers that no picture has."""
    with pytest.raises(ImageRefused):
        reencode_image(png_of(*extent, zlib.compress(b"")), **LIMITS)


def test_no_caller_can_allow_more_than_forty_million_pixels() -> None:
    """INC-29: a wrong limit at one caller does not open the door."""
    with pytest.raises(ImageRefused, match="40 million"):
        reencode_image(png_of(10_000, 8_000, b""), max_bytes=10**6, max_pixels=10**9, box=(10, 10))


@pytest.mark.parametrize("name", [b"zTXt", b"iCCP"])
def test_refuses_a_bomb_in_a_side_chunk(name: bytes) -> None:
    """INC-29: a compressed text or profile that unpacks to 200 MB."""
    bomb = chunk(name, b"x\x00\x00" + zlib.compress(b"\x00" * 200_000_000, 9))
    data = png_of(4, 4, zlib.compress(b"\x00" * 20), before=bomb)
    try:
        stored = reencode_image(data, **LIMITS)
    except ImageRefused:
        return
    assert len(stored.data) < 1000


def test_pixels_that_unpack_to_more_than_the_header_says_cost_nothing() -> None:
    """INC-29: the rest of the stream is left where it is."""
    data = png_of(4, 4, zlib.compress(b"\x00" * 100_000_000, 9))
    assert len(data) < LIMITS["max_bytes"]
    try:
        stored = reencode_image(data, **LIMITS)
    except ImageRefused:
        return
    assert (stored.width, stored.height) == (4, 4)


def test_what_the_camera_wrote_is_gone_and_the_picture_upright() -> None:
    """INC-29: place, owner, comments and profiles go; the turn that they ask for is made."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[1] = "N"
    stored = reencode_image(
        picture("JPEG", exif=exif, icc_profile=b"profile-of-somebody", comment=b"secret"), **LIMITS
    )
    seen = reread(stored)
    assert (stored.width, stored.height) == (60, 120)
    assert not seen.getexif()
    assert not {"exif", "icc_profile", "comment", "xmp"} & seen.info.keys()
    for word in (b"home", b"profile-of", b"secret"):
        assert word not in stored.data


def test_texts_in_a_png_do_not_come_along_into_a_png() -> None:
    """INC-29: the writer would copy a profile from the picture's own notes."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    data = picture("PNG", pnginfo=notes, icc_profile=b"profile-of-somebody")
    stored = reencode_image(data, **LIMITS, encoding=Encoding.PNG)
    assert b"script" not in stored.data
    assert b"iCCP" not in stored.data


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_refuses_a_truncated_file(kind: str) -> None:
    """INC-29: half a picture is none."""
    out = io.BytesIO()
    noise = random.Random(2).randbytes(120 * 90 * 3)
    Image.frombytes("RGB", (120, 90), noise).save(out, kind)
    data = out.getvalue()
    with pytest.raises(ImageRefused):
        reencode_image(data[: len(data) // 2], **LIMITS)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_refuses_moving_pictures(kind: str) -> None:
    """INC-29: thousands of frames would be unpacked."""
    out = io.BytesIO()
    first, *rest = (Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue"))
    first.save(out, kind, save_all=True, append_images=rest, duration=100)
    with pytest.raises(ImageRefused, match="Moving"):
        reencode_image(out.getvalue(), **LIMITS)


def test_refuses_too_many_bytes_unread() -> None:
    """INC-29: the message tells the limit."""
    with pytest.raises(ImageRefused, match="2000 kB"):
        reencode_image(b"\x89PNG" + b"\x00" * 2_000_000, **LIMITS)


def test_keeps_transparency_and_proportions_within_the_box() -> None:
    """ORG-5: a wide logo is scaled down as a whole."""
    out = io.BytesIO()
    Image.new("RGBA", (1200, 100), (10, 20, 30, 0)).save(out, "PNG")
    stored = reencode_image(out.getvalue(), **LIMITS)
    assert (stored.width, stored.height) == (480, 40)
    assert reread(stored).convert("RGBA").getchannel("A").getextrema() == (0, 0)


def test_never_enlarges_and_crops_around_the_middle() -> None:
    """ORG-5: a portrait for a square, from a small picture."""
    stored = reencode_image(picture("PNG", (60, 40)), **(LIMITS | {"box": (100, 100)}), crop=True)
    assert (stored.width, stored.height) == (40, 40)


def test_a_line_of_one_pixel_stays_a_picture() -> None:
    """ORG-5: proportions beyond all measure."""
    stored = reencode_image(picture("PNG", (9000, 1)), **LIMITS)
    assert (stored.width, stored.height) == (480, 1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_all_colour_models_become_plain_colours(mode: str) -> None:
    """ORG-5: print shops send CMYK, scanners 16 bits; JPEG has white where it was transparent."""
    kind = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (20, 20)).save(out, kind)
    assert reread(reencode_image(out.getvalue(), **LIMITS)).mode in {"RGB", "RGBA"}
    jpeg = reread(reencode_image(out.getvalue(), **LIMITS, encoding=Encoding.JPEG))
    assert (jpeg.format, jpeg.mode) == ("JPEG", "RGB")
    if mode in {"LA", "RGBA"}:
        assert jpeg.getpixel((5, 5)) == (255, 255, 255)
