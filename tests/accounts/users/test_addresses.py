"""One form of each address and number."""

import pytest
from django.core.exceptions import ValidationError

from accounts.users.addresses import normalize_email, normalize_phone


class TestNormalizeEmail:
    """`normalize_email` gives equal addresses one form."""

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            (" Anna@Example.ORG ", "anna@example.org"),
            ("anna@bücher.example", "anna@xn--bcher-kva.example"),
            ("no-address", "no-address"),
            ("", ""),
            (None, ""),
        ],
    )
    def test_has_one_form(self, typed, stored):
        """INC-19."""
        assert normalize_email(typed) == stored

    def test_takes_no_look_alike_for_the_owner(self):
        """INC-19: a dotless i is another letter."""
        assert normalize_email("mıke@example.org") != "mike@example.org"


class TestNormalizePhone:
    """`normalize_phone` gives equal numbers one form."""

    @pytest.mark.parametrize("typed", ["+41 79 123 45 67", "079 123 45 67", "0041791234567"])
    def test_has_one_form(self, typed):
        """ACC-1: numbers are stored internationally."""
        assert normalize_phone(typed) == "+41791234567"

    @pytest.mark.parametrize("typed", ["abc", "+41 1", "1" * 30, "+999 123456789"])
    def test_refuses_what_is_no_number(self, typed):
        """ACC-1."""
        with pytest.raises(ValidationError):
            normalize_phone(typed)

    def test_leaves_nothing_as_nothing(self):
        """ACC-14: the number is optional in the profile."""
        assert normalize_phone("  ") == ""
