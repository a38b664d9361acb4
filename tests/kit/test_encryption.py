"""Encryption at rest: round trip, purpose, rotation of keys, and nothing without a key."""

from pathlib import Path

import pytest

from manager.demo.run.environment import files_key
from manager.kit import encryption
from manager.kit.encryption import CannotDecrypt, NoKeys, decrypt, encrypt, weak_keys

OLD, NEW = "o" * 40, "n" * 40


@pytest.fixture(autouse=True)
def _keys(settings) -> None:
    settings.FILES_KEYS = [OLD]


class TestEncrypt:
    def test_gives_back_what_it_was_given(self) -> None:
        """ACC-12"""
        assert decrypt(encrypt(b"passport", purpose="p"), purpose="p") == b"passport"

    def test_gives_back_what_a_database_stored(self) -> None:
        """A binary column comes back as a memoryview."""
        assert decrypt(memoryview(encrypt(b"passport", purpose="p")), purpose="p") == b"passport"

    def test_shows_nothing_of_it(self) -> None:
        """ACC-12: what is at rest says nothing, and never the same twice."""
        first, second = (encrypt(b"passport" * 9, purpose="p") for _ in range(2))
        assert b"passport" not in first
        assert first != second

    def test_refuses_to_work_without_a_key(self, settings) -> None:
        """Nothing is stored in the clear because a variable was forgotten."""
        settings.FILES_KEYS = []
        with pytest.raises(NoKeys):
            encrypt(b"x", purpose="p")


class TestDecrypt:
    def test_refuses_another_purpose(self) -> None:
        """A value cannot be moved to another row or field."""
        with pytest.raises(CannotDecrypt):
            decrypt(encrypt(b"x", purpose="image:1"), purpose="image:2")

    @pytest.mark.parametrize("place", [0, 1, 5, 17, -1])
    def test_refuses_a_changed_byte(self, place: int) -> None:
        """Damage and forgery are seen, in the head as well."""
        value = bytearray(encrypt(b"x" * 20, purpose="p"))
        value[place] ^= 1
        with pytest.raises(CannotDecrypt):
            decrypt(bytes(value), purpose="p")

    @pytest.mark.parametrize("value", [b"", b"\x01", b"\x01" * 16])
    def test_refuses_what_is_too_short(self, value: bytes) -> None:
        """No half read."""
        with pytest.raises(CannotDecrypt):
            decrypt(value, purpose="p")


class TestRotation:
    def test_reads_what_an_older_key_wrote_and_writes_with_the_first(self, settings) -> None:
        """A new key in front changes nothing of what there is."""
        before = encrypt(b"x", purpose="p")
        settings.FILES_KEYS = [NEW, OLD]
        after = encrypt(b"x", purpose="p")
        assert decrypt(before, purpose="p") == b"x"
        settings.FILES_KEYS = [NEW]
        assert decrypt(after, purpose="p") == b"x"
        with pytest.raises(CannotDecrypt):
            decrypt(before, purpose="p")

    def test_derives_a_key_for_each_purpose(self) -> None:
        """Two purposes share no key."""
        assert encryption._derive(OLD, "a")[1] != encryption._derive(OLD, "b")[1]

    def test_knows_a_weak_key(self) -> None:
        """A word is no key."""
        assert weak_keys(["short", OLD]) == 1


class TestTheDemonstrationsKey:
    def test_is_made_once_and_kept_for_its_owner_alone(self, tmp_path: Path) -> None:
        """Files of the demonstration are still readable after the next start."""
        first = files_key(tmp_path)
        assert files_key(tmp_path) == first
        assert weak_keys([first]) == 0
        assert (tmp_path / "files.key").stat().st_mode & 0o777 == 0o600
