"""What hostile clients send: one list for each place where a request carries something."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

T = TypeVar("T")

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data; boundary=x"
LONG = "x" * 10_000
HUGE = 10**30
MEGABYTE = 1024 * 1024

# Bytes in the place of a field's value; none of them is what any field asks for.
GARBAGE: dict[str, bytes] = {
    "too long": LONG.encode(),
    "a NUL": b"a%00b",
    "control characters": b"a%01%07%1b%0bb",
    "a line break": b"a%0d%0aSet-Cookie:%20x=y",
    "not UTF-8": b"%ff%fe%c3",
    "raw bytes": b"\xff\xfe\xc3",
    "half a surrogate": b"%ed%a0%80",
    "a right-to-left override": quote("a\u202eb").encode(),
    "a huge number": str(HUGE).encode(),
    "beyond bigint": str(2**63).encode(),
    "thousands of digits": b"9" * 5000,
    "a negative number": b"-1",
    "a fraction": b"1.5",
    "an exponent": b"1e400",
    "not a number": b"NaN",
    "foreign digits": quote("١٢٣").encode(),
    "a date that is none": b"2026-02-31",
    "a date beyond years": b"99999-01-01",
    "nested JSON": quote(json.dumps({"a": [{"b": None}]})).encode(),
    "SQL": quote("1' OR '1'='1'; DROP TABLE accounts_user; --").encode(),
    "a template": quote("{{ 7*7 }}{% debug %}${7*7}%(x)s%s%n{0.__class__}").encode(),
    "a path": quote("../../../../etc/passwd").encode(),
    "a list": b"1,2,3",
    "blanks": b"%20%09%20",
}
# Refused wherever they stand, alone in a form that is right otherwise.
# Raw bytes are read as Latin-1, as old browsers send them, and so may be a text.
NEVER_RIGHT = ("too long", "a NUL", "control characters", "not UTF-8")
SINGLE = (*NEVER_RIGHT, "a huge number", "beyond bigint", "a negative number", "SQL", "a date that is none")

# Whole bodies, with their content type.
BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", FORM),
    "signs alone": (b"&&&===&=&%&%zz=%zz", FORM),
    "no UTF-8": (b"\xff\xfe=\xff&name=\xc3\x28", FORM),
    "another charset": (b"name=x", f"{FORM}; charset=utf-16"),
    "no charset at all": (b"name=x", f"{FORM}; charset=no-such-thing"),
    "3,000 fields": (urlencode([(f"f{n}", n) for n in range(3000)]).encode(), FORM),
    "3,000 fields of one name": (b"&".join([b"selected=1"] * 3000), FORM),
    "3 MB": (b"name=" + b"x" * 3 * MEGABYTE, FORM),
    "10 MB": (b"name=" + b"x" * 10 * MEGABYTE, FORM),
    "10 MB in parts": (
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n'
        + b"x" * 10 * MEGABYTE
        + b"\r\n--x--\r\n",
        MULTIPART,
    ),
    "a file": (
        (
            b'--x\r\nContent-Disposition: form-data; name="name"; filename="../../a\x00.php"\r\n'
            b"Content-Type: text/php\r\n\r\n<?php\r\n--x--\r\n"
        ),
        MULTIPART,
    ),
    "300 files": (
        b'--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\nx\r\n' * 300 + b"--x--\r\n",
        MULTIPART,
    ),
    "parts cut short": (b'--x\r\nContent-Disposition: form-data; name="na', MULTIPART),
    "parts without a boundary": (b"--x\r\n", "multipart/form-data"),
    "parts with a strange boundary": (b"--x\r\n", "multipart/form-data; boundary=\xff\x00"),
    "parts in no known encoding": (
        (
            b'--x\r\nContent-Disposition: form-data; name="name"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n"
        ),
        MULTIPART,
    ),
    "JSON": (b'{"name": [{"a": null}]}', JSON),
    "broken JSON": (b'{"name": ', JSON),
    "XML": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "text/xml"),
    "no content type": (b"name=x", ""),
    "a content type that is none": (b"name=x", "\x00/;;=\xff"),
}

# Values in the place of a field of JSON.
VALUES: dict[str, Any] = {
    "null": None,
    "an empty text": "",
    "too long": LONG,
    "a NUL": "a\x00b",
    "control characters": "a\x01\x07\x1bb",
    "half a surrogate": "a\ud800b",
    "a line break": "a\r\nSet-Cookie: x=y",
    "a huge number": HUGE,
    "beyond bigint": 2**63,
    "a negative number": -1,
    "zero": 0,
    "a fraction": 1.5,
    "an exponent": 1e300,
    "truth": True,
    "text": "abc",
    "a number as text": "12abc",
    "a list": [1, "a", None],
    "an empty list": [],
    "lists in lists": [[["a"]]],
    "a long list": ["a"] * 5000,
    "an object": {"id": 1, "name": {"a": []}},
    "a date that is none": "2026-02-31",
    "SQL": "1' OR '1'='1'; --",
    "a template": "{{ 7*7 }}{% debug %}%(x)s{0.__class__}",
}
NEVER_RIGHT_IN_JSON = (
    "too long", "a NUL", "control characters", "half a surrogate", "an object", "lists in lists",
    "a long list",
)  # fmt: skip

# Whole bodies of operations.
JSON_BODIES: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"name=x", JSON),
    "broken JSON": (b'{"name": ', JSON),
    "cut short": (b'{"name": "\\ud8', JSON),
    "two documents": (b"{}{}", JSON),
    "a list": (b"[]", JSON),
    "a list of lists": (b"[[], [1], {}]", JSON),
    "a text": (b'"abc"', JSON),
    "a number": (b"1e999", JSON),
    "null": (b"null", JSON),
    "NaN": (b'{"name": NaN, "emails": Infinity, "lines": -Infinity}', JSON),
    "thousands of digits": (b'{"name": ' + b"9" * 5000 + b"}", JSON),
    "not UTF-8": (b'{"name": "\xff\xfe"}', JSON),
    "UTF-16": ('{"name": "x"}'.encode("utf-16"), JSON),
    "NUL bytes": (b"\x00" * 100, JSON),
    "one name twice": (b'{"name": "a", "name": {"a": 1}}', JSON),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, JSON),
    "deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, JSON),
    "many names": (json.dumps({f"f{n}": n for n in range(20_000)}).encode(), JSON),
    "3 MB": (b'{"name": "' + b"x" * 3 * MEGABYTE + b'"}', JSON),
    "10 MB": (b'{"name": "' + b"x" * 10 * MEGABYTE + b'"}', JSON),
    "a form": (b"name=x", FORM),
    "parts": (b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n--x--\r\n', MULTIPART),
    "XML": (b"<a/>", "text/xml"),
    "no content type": (b'{"name": "x"}', ""),
    "a content type that is none": (b'{"name": "x"}', "\x00/;;=\xff"),
}
# These hold something that could be meant, so that they need not be refused.
COULD_BE_MEANT = frozenset({"nothing", "one name twice", "many names", "a list", "null"})

# In the place of a key or number in an address, as it stands in the line of the request.
SEGMENTS = (
    "0", str(2**31), str(2**63), str(HUGE), "9" * 5000, "-1", "1.5", "%00", "a%00b", "%ff%fe", "%ed%a0%80",
    "a%0d%0ab", "..%2f..%2fetc", "x" * 10_000, "%d9%a1%d9%a2", "'%20OR%201=1--", "null",
    "%7b%7b7*7%7d%7d", "current",
)  # fmt: skip

# In the query, for every name (INC-34).
QUERIES = (
    "", "%00", "a%00b", "%ff%fe%c3", "%ed%a0%80", "a%0d%0aSet-Cookie:x=y", "%01%07%1b", "x" * 10_000,
    str(HUGE),
    str(2**63), "9" * 5000, "0", "-1", "1.5", "1e400", "NaN", "true", "2026-02-31", "99999-01-01",
    "0000-00-00",
    "password", "-id", "id;drop", "user__password", "organization__name", "pk%29%20--", "?",
    "%28select%201%29",
    "1%27%20OR%20%271%27=%271", "%7b%7d", "%5b%5d", "%5b%5b%5b", "%22%22", "W10=", "WyJhIiwxXQ==", "bnVsbA==",
    "eyJhIjoxfQ==", "WzEsMl0", "%d9%a1%d9%a2", "..%2f..%2fetc%2fpasswd", "%25s%25n", "%2525",
)  # fmt: skip
ORDINARY_NAMES = (
    "page", "after", "before", "next", "previous", "order", "ordering", "order_by", "sort", "direction",
    "limit",
    "size", "per_page", "offset", "q", "search", "status", "family", "from", "to", "since", "until", "format",
    "unknown", "id", "selected", "selected[]", "filter[status]", "a[b][c]", "__proto__", "organization_id",
)  # fmt: skip


def share(items: Iterable[T], turn: int, of: int) -> list[T]:
    """Return every `of`-th of the items, beginning elsewhere at each turn: `of` turns in a row take them all.

    What a payload does depends on the kind of field more than on the route; so each route and field gets a
    share of them, and each payload goes to a share of the routes.
    """
    return list(items)[turn % of :: of]
