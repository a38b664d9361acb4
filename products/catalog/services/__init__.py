"""The verbs of the catalogue."""

from products.catalog.services.edit import (
    ExtensionTaken,
    LimitsUnfit,
    SlugTaken,
    add_family,
    add_option,
    add_plan,
    change_family,
    change_option,
    change_plan,
    place_family,
    place_option,
    place_plan,
)
from products.catalog.services.load import load_catalog
from products.catalog.services.price import PriceAbsent, PriceInPast, PriceUnfit, change_price
from products.catalog.services.publish import (
    PlanNotReady,
    publish_family,
    publish_plan,
    withdraw_family,
    withdraw_plan,
)
from products.catalog.services.uploads import (
    MAX_BYTES,
    UploadDone,
    UploadStale,
    import_upload,
    preview_upload,
    upload_catalog,
)

__all__ = [
    "MAX_BYTES",
    "ExtensionTaken",
    "LimitsUnfit",
    "PlanNotReady",
    "PriceAbsent",
    "PriceInPast",
    "PriceUnfit",
    "SlugTaken",
    "UploadDone",
    "UploadStale",
    "add_family",
    "add_option",
    "add_plan",
    "change_family",
    "change_option",
    "change_plan",
    "change_price",
    "import_upload",
    "load_catalog",
    "place_family",
    "place_option",
    "place_plan",
    "preview_upload",
    "publish_family",
    "publish_plan",
    "upload_catalog",
    "withdraw_family",
    "withdraw_plan",
]
