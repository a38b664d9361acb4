"""Questions of the back office to the catalogue: everything, whether it is on sale or not."""

from django.db.models import Count, F, Q, QuerySet, Value

from manager.kit.errors import NotFound
from manager.kit.keyset import SortKey
from products.catalog.entries import LANGUAGES
from products.catalog.models import CatalogChange, CatalogUpload, Family, Option, Plan
from products.catalog.selectors import OptionNotFound, PlanNotFound

# By family, then by the place in it: one number, because a list is sorted by one column.
PLACES = 1_000_000
IN_SHOP_ORDER = SortKey(
    F("family__position") * Value(PLACES) + F("position"),
    lambda plan: str(plan.family.position * PLACES + plan.position),
    int,
)


def list_all_families() -> QuerySet[Family]:
    """Return all families with the number of their plans, in the order of the menu."""
    on_sale = Count("plans", filter=Q(plans__is_orderable=True))
    return Family.objects.annotate(plan_count=Count("plans"), on_sale_count=on_sale).order_by(
        "position", "id"
    )


def list_all_plans(*, search: str = "", family: str = "", state: str = "", kind: str = "") -> QuerySet[Plan]:
    """Return plans by words (in any language), family, kind, and whether they are `sold` or `off` sale."""
    plans = Plan.objects.select_related("family").annotate(option_count=Count("options"))
    for word in search.split():
        names = Q(slug__icontains=word) | Q(kind__icontains=word)
        for language in LANGUAGES:
            names |= Q(**{f"names__{language}__icontains": word})
        plans = plans.filter(names)
    if family:
        plans = plans.filter(family__slug=family)
    if kind:
        plans = plans.filter(kind=kind)
    if state:
        plans = plans.filter(is_orderable=state == "sold")
    return plans


def list_kinds() -> list[str]:
    """Return the kinds that plans have, in the order of the alphabet."""
    return list(Plan.objects.order_by("kind").values_list("kind", flat=True).distinct())


def find_plan(*, slug: str) -> Plan:
    """Return a plan, on sale or not.

    :raises PlanNotFound: there is none.
    """
    plan = Plan.objects.select_related("family").filter(slug=slug).first()
    if plan is None:
        raise PlanNotFound
    return plan


def find_option(*, plan: str, slug: str) -> Option:
    """Return an option of a plan, on sale or not.

    :raises OptionNotFound: there is none.
    """
    option = Option.objects.select_related("plan__family").filter(plan__slug=plan, slug=slug).first()
    if option is None:
        raise OptionNotFound
    return option


def list_all_options(*, plan: Plan) -> list[Option]:
    """Return all options of a plan with their prices, in the order of the shop. Two queries."""
    return list(plan.options.prefetch_related("prices").order_by("position", "id"))


def list_changes(*, search: str = "", plan: str = "", what: str = "") -> QuerySet[CatalogChange]:
    """Return the history by words (a slug, a name of who did it, a file), by plan, by what was done."""
    changes = CatalogChange.objects.all()
    for word in search.split():
        changes = changes.filter(
            Q(family__icontains=word)
            | Q(plan__icontains=word)
            | Q(option__icontains=word)
            | Q(actor_name__icontains=word)
            | Q(source__icontains=word)
        )
    if plan:
        changes = changes.filter(plan=plan)
    if what:
        changes = changes.filter(what=what)
    return changes


def get_upload(*, upload_id: int) -> CatalogUpload:
    """Return an uploaded file.

    :raises NotFound: there is none.
    """
    upload = CatalogUpload.objects.filter(pk=upload_id).first()
    if upload is None:
        raise NotFound
    return upload


def list_uploads(*, limit: int = 10) -> QuerySet[CatalogUpload]:
    """Return the latest uploaded files, without their text."""
    return CatalogUpload.objects.defer("text").order_by("-id")[:limit]
