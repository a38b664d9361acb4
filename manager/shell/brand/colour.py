"""The operator's accent: from a hex colour to hue and chroma in OKLCH, which the design tokens build on."""

import math
import re

HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# Beyond this, shades of the scale leave what screens can show and would be clipped unevenly.
MOST_CHROMA = 0.2


class InvalidAccent(ValueError):
    """The operator's accent is not written as `#rrggbb`."""


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def read_accent(colour: str) -> tuple[float, float]:
    """Return hue (degrees, 0 to 360) and chroma (0 to 0.2) of a colour written as `#rrggbb`.

    :raises InvalidAccent: for any other spelling.
    """
    if not HEX_COLOUR.fullmatch(colour):
        raise InvalidAccent(f"The accent {colour!r} is not a colour like #3056d3.")
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    # sRGB to OKLab, coefficients as published in the CSS Color 4 specification.
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    hue = math.degrees(math.atan2(b, a)) % 360
    return round(hue, 1), round(min(math.hypot(a, b), MOST_CHROMA), 3)
