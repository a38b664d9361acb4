"""The register of the European Union, VIES, over its REST interface."""

import json
import unicodedata
from typing import Any

import requests
import urllib3
from django.conf import settings

from organizations.profile.vat_checks import RegisterUnavailable, VatAnswer

# Seconds to connect and to wait for the answer; the registers behind it are slow.
TIMEOUT = (5, 20)
BIGGEST_ANSWER = 64_000
# What the register writes where a country tells no name or address.
WITHHELD = "---"
NAME_LENGTH, ADDRESS_LENGTH, REFERENCE_LENGTH = 250, 500, 60


class ViesRegister:
    """Asks the address in `VIES_API_BASE`. Redirects are not followed: the address is the operator's word."""

    def look_up(self, *, prefix: str, number: str) -> VatAnswer:
        """Return what is registered under `number`.

        :raises RegisterUnavailable: no answer now, or one that cannot be understood.
        """
        answer = self._ask({"countryCode": prefix, "vatNumber": number})
        if isinstance(valid := answer.get("valid"), bool):
            return VatAnswer(
                is_valid=valid,
                name=_clean(answer.get("name"), NAME_LENGTH),
                address=_clean(answer.get("address"), ADDRESS_LENGTH),
                reference=_clean(answer.get("requestIdentifier"), REFERENCE_LENGTH),
            )
        code = _error_code(answer)
        if code == "INVALID_INPUT":
            return VatAnswer(is_valid=False)
        raise RegisterUnavailable(code)

    def _ask(self, question: dict[str, str]) -> dict[str, Any]:
        try:
            with requests.post(
                f"{settings.VIES_API_BASE}/check-vat-number",
                json=question,
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = response.raw.read(BIGGEST_ANSWER + 1, decode_content=True)
                if len(body) > BIGGEST_ANSWER:
                    raise RegisterUnavailable("ANSWER_TOO_LARGE")
                answer = json.loads(body)
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            OSError,
            ValueError,
            RecursionError,
        ) as error:
            raise RegisterUnavailable(type(error).__name__) from error
        if not isinstance(answer, dict):
            raise RegisterUnavailable("ANSWER_UNKNOWN")
        return answer


def _error_code(answer: dict[str, Any]) -> str:
    errors = answer.get("errorWrappers")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return _clean(errors[0].get("error"), REFERENCE_LENGTH) or "ANSWER_UNKNOWN"
    return "ANSWER_UNKNOWN"


def _clean(value: Any, length: int) -> str:
    """Return text of the register without control characters, lines joined by commas."""
    text = value if isinstance(value, str) else ""
    lines = (" ".join(line.split()) for line in text.splitlines())
    joined = ", ".join(line for line in lines if line)
    printable = "".join(character for character in joined if unicodedata.category(character)[0] != "C")
    return "" if printable.strip() == WITHHELD else printable[:length]
