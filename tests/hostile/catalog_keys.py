"""A family, a plan, an option and an uploaded file for the hostile input at the catalogue's pages."""

from itertools import count
from typing import Any

from manager.kit.actor import Actor
from products.catalog.catalog_text import write_catalog
from products.catalog.entries import LANGUAGES, FamilyEntry
from products.catalog.services import upload_catalog
from products.catalog.snapshot import read_database
from tests.factories.people import present
from tests.factories.products import make_family, make_option, make_plan
from tests.isolation.expectations import STAFF

PREFIX = "products:staff_catalog"

_numbers = count(1)


def _family(*_: Any) -> str:
    return make_family(f"hostile-{next(_numbers)}").slug


def _plan(*_: Any) -> str:
    plan = make_plan(slug=f"hostile-plan-{next(_numbers)}")
    make_option(plan, slug="hostile-option", kind="number", maximum=100)
    return plan.slug


def _upload(*_: Any) -> int:
    new = FamilyEntry(f"hostile-new-{next(_numbers)}", "box", dict.fromkeys(LANGUAGES, "New"))
    data, at = write_catalog([*read_database(), new]).encode(), present()
    actor = Actor.system("test")
    return upload_catalog(name="hostile.yaml", data=data, on=at.date(), actor=actor, at=at).pk


KEYS: dict[tuple[str, str], Any] = {
    **{(name, "slug"): _family if "_family" in name else _plan for name in STAFF if name.startswith(PREFIX)},
    **{(name, "option"): lambda *_: "hostile-option" for name in STAFF if name.startswith(PREFIX)},
    (f"{PREFIX}_option_add", "kind"): lambda *_: "number",
    (f"{PREFIX}_upload", "upload_id"): _upload,
}
