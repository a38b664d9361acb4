"""What makes a password good enough (ACC-17)."""

import pytest
from django.core.exceptions import ValidationError

from accounts.users.models import User
from accounts.users.passwords import StrengthValidator
from tests.factories.people import register, turn_on_totp

LENGTH_12 = "kiwi-Zug7-ox"


def reason(password: str, user: User | None = None) -> str | None:
    try:
        StrengthValidator().validate(password, user)
    except ValidationError as error:
        return error.code
    return None


class TestStrengthValidator:
    """`StrengthValidator` refuses what is short, guessable or unprintable."""

    def test_asks_fifteen_characters_of_a_password_alone(self):
        """ACC-17: 15 without a second factor."""
        assert reason("vX3-kiwi-Zug7-") == "too_short"
        assert reason("vX3-kiwi-Zug7-o") is None

    def test_asks_twelve_beside_a_second_factor(self):
        """ACC-17: 12 with one."""
        user = register()
        assert reason(LENGTH_12, user) == "too_short"
        turn_on_totp(user)
        assert reason(LENGTH_12, user) is None
        assert reason(LENGTH_12[:-1], user) == "too_short"

    @pytest.mark.parametrize(
        "password", ["passwordpassword", "aaaaaaaaaaaaaaaaaaaa", "123456789012345678", "qwertyuiopasdfgh"]
    )
    def test_refuses_what_everybody_tries(self, password):
        """ACC-17: length alone is no strength."""
        assert reason(password) == "guessable"

    def test_refuses_the_persons_own_data(self):
        """ACC-17: names and address are the first guesses."""
        user = User(email="wilhelmina@lindenhof.example", first_name="Wilhelmina", last_name="Lindenhof")
        assert reason("wilhelmina.lindenhof", user) == "guessable"

    @pytest.mark.parametrize("character", ["\x00", "\n", "\t", "\x7f", "\x85"])
    def test_refuses_control_characters(self, character):
        """They cannot be typed again."""
        assert reason(f"quiet-harbour{character}violet-tandem") == "control_characters"

    def test_takes_any_script_and_spaces(self):
        """Nothing printable is forbidden."""
        assert reason("сырой трамвай где-то зелёный") is None

    def test_refuses_what_would_take_long_to_hash(self):
        """A megabyte is no password."""
        assert reason("quiet-harbour-violet-tandem" * 10) == "too_long"

    def test_has_a_message_for_people(self):
        """The message names the number of characters."""
        with pytest.raises(ValidationError, match="15"):
            StrengthValidator().validate("short")
