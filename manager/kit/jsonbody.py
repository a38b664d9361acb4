"""The bodies of REST requests: JSON of a bounded size that the database can hold."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from manager.kit.errors import DomainError


class BodyTooLarge(DomainError):
    """The body has more bytes than any operation needs."""

    code = "body_too_large"
    status = 413
    message = _("The request is too large.")


class JSONBody(BaseParser):
    """Reads JSON: at most `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes of UTF-8, no NaN, no half characters."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the body says.

        :raises BodyTooLarge: nothing of it is kept.
        :raises ParseError: it is not such JSON.
        """
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge
        try:
            given = json.loads(body.decode(), parse_constant=_refuse_constant)
            # Half a surrogate can be written as an escape, but neither be stored nor be answered.
            json.dumps(given, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The request could not be understood.")) from error
        return given


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and the infinities, which JSON does not have."""
    raise ValueError(name)
