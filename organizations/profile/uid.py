"""The Swiss register of companies (UID), over its public web service: is a number one of VAT."""

import re
from xml.etree.ElementTree import ParseError

import requests
import urllib3
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings

from organizations.profile.vat_checks import RegisterUnavailable, VatAnswer

TIMEOUT = (5, 20)
BIGGEST_ANSWER = 64_000
NAMESPACE = "http://www.uid.admin.ch/xmlns/uid-wse"
ACTION = f"{NAMESPACE}/IPublicServices/ValidateVatNumber"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
QUESTION = (
    f'<s:Envelope xmlns:s="{SOAP}"><s:Body><ValidateVatNumber xmlns="{NAMESPACE}">'
    "<vatNumber>CHE{digits}</vatNumber></ValidateVatNumber></s:Body></s:Envelope>"
)
ANSWERS = {"true": True, "false": False}


class UidRegister:
    """Asks the address in `UID_API_BASE`. It says yes or no; names and references it does not tell."""

    def look_up(self, *, prefix: str, number: str) -> VatAnswer:
        """Return whether the number, of whose nine digits alone matter, is one of VAT.

        :raises RegisterUnavailable: no answer now, or one that cannot be understood.
        """
        digits = "".join(re.findall(r"\d", number))
        body = self._ask(QUESTION.replace("{digits}", digits))
        try:
            found = fromstring(body).find(f".//{{{NAMESPACE}}}ValidateVatNumberResult")
        except (ParseError, DefusedXmlException, ValueError) as error:
            raise RegisterUnavailable("ANSWER_UNKNOWN") from error
        answer = ANSWERS.get((found.text or "").strip()) if found is not None else None
        if answer is None:
            raise RegisterUnavailable("ANSWER_UNKNOWN")
        return VatAnswer(is_valid=answer)

    def _ask(self, question: str) -> bytes:
        try:
            with requests.post(
                settings.UID_API_BASE,
                data=question.encode(),
                headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{ACTION}"'},
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as response:
                body: bytes = response.raw.read(BIGGEST_ANSWER + 1, decode_content=True)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise RegisterUnavailable(type(error).__name__) from error
        if response.status_code != requests.codes.ok:
            raise RegisterUnavailable(f"HTTP_{response.status_code}")
        if len(body) > BIGGEST_ANSWER:
            raise RegisterUnavailable("ANSWER_TOO_LARGE")
        return body
