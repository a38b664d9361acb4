"""The operator's accent colour, from hex to hue and chroma."""

import pytest

from manager.shell.brand.colour import MOST_CHROMA, InvalidAccent, read_accent


class TestReadAccent:
    """read_accent()"""

    @pytest.mark.parametrize(
        ("colour", "hue"), [("#ff0000", 29.2), ("#00ff00", 142.5), ("#0000ff", 264.1), ("#008080", 194.8)]
    )
    def test_finds_the_hue_of_a_colour(self, colour: str, hue: float) -> None:
        """Reference values of the CSS Color 4 specification."""
        assert read_accent(colour)[0] == pytest.approx(hue, abs=0.2)

    def test_keeps_chroma_where_screens_can_show_it(self) -> None:
        """A glaring colour is calmed."""
        assert read_accent("#ff00ff")[1] == MOST_CHROMA

    def test_leaves_grey_without_chroma(self) -> None:
        """A grey accent stays grey."""
        assert read_accent("#777777")[1] == pytest.approx(0, abs=0.001)

    @pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345g", "#123456;}", " #123456", "#123456\n"])
    def test_refuses_what_is_no_colour(self, colour: str) -> None:
        """Nothing but a colour may reach the stylesheet."""
        with pytest.raises(InvalidAccent):
            read_accent(colour)
