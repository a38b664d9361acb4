"""The menus of an organization, a person and the back office: what lies where, and who is shown it (UI-1)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.identity.rights import REVIEW_IDENTITY
from accounts.staff.rights import SEE_STAFF
from billing.backoffice.selectors import count_unfulfilled
from billing.bank.rights import LOOK_AFTER_BANK
from billing.bank.selectors import count_for_staff
from billing.disputes.rights import LOOK_AFTER_DISPUTES
from billing.disputes.selectors import count_to_answer
from billing.holds.rights import EDIT_HOLD_RULES, LOOK_AFTER_ORDERS
from billing.holds.selectors import count_held
from billing.promotions.rights import MANAGE_PROMOTIONS
from billing.proof.rights import PROVE_LEDGER
from billing.refunds.rights import GIVE_REFUNDS
from billing.runs.rights import FOLLOW_RUNS
from billing.runs.selectors import count_quarantined as count_left_out
from billing.tax.rights import MANAGE_VAT
from billing.webhooks.rights import MEND_EVENTS
from billing.webhooks.selectors import count_quarantined
from billing.withdrawals.rights import PAY_OUT
from billing.withdrawals.selectors import count_requested
from manager.kit.clock import now
from organizations.access.roles import Permission
from organizations.support.rights import SUPPORT_ACCESS
from products.catalog.kinds import name_of_kind
from products.catalog.models import Family
from products.catalog.rights import EDIT_CATALOG
from products.provisioning.rights import MEND_SERVICES
from products.provisioning.selectors import count_troubled
from products.warranty.rights import RENEWAL_WARRANTY
from products.warranty.selectors import count_waiting

if TYPE_CHECKING:
    from manager.shell.context import Shell

Entry = dict[str, Any]
# A template that asks for what is not there takes many times as long.
_PLAIN: Entry = {"heading": "", "count": None, "children": ()}


def _entry(
    shell: "Shell", label: str, icon: str, name: str, *args: Any, exact: bool = False, **more: Any
) -> Entry:
    """Return the entry of a page of the present organization."""
    return _link(shell, label, icon, shell.url(name, *args), exact=exact, **more)


def _link(shell: "Shell", label: str, icon: str, url: str, *, exact: bool = False, **more: Any) -> Entry:
    current = shell.request.path == url if exact else shell.is_current(url)
    return {**_PLAIN, "label": label, "icon": icon, "url": url, "current": current, **more}


def build_menu(shell: "Shell") -> list[Entry]:
    """Return the side menu: home, products by family, accounting, organization."""
    return [
        _entry(shell, _("Home"), "house", "shell:home", exact=True),
        *_products(shell),
        *_accounting(shell),
        *_organization(shell),
    ]


def _products(shell: "Shell") -> list[Entry]:
    entries = [
        _entry(shell, _("All products"), "layout-grid", "products:list", exact=True, heading=_("Products"))
    ]
    entries += [_family(shell, family) for family in shell.families]
    if Permission.PRODUCTS_ORDER in shell.can:
        entries.append(_entry(shell, _("Order"), "shopping-bag", "billing:shop"))
    return entries


def _family(shell: "Shell", family: Family) -> Entry:
    """Return a family with its kinds to fold out (PRD-2); one with a single kind is a page of its own."""
    url, kinds = shell.url("products:family", family.slug), shell.facts.kinds[family.slug]
    entry = _link(shell, family.name, family.icon, url)
    if len(kinds) < 2:
        return entry
    wanted = shell.request.GET.get("kind", "") if shell.request.path == url else None
    rows = [("", _("All"), url), *((kind, name_of_kind(kind), f"{url}?kind={kind}") for kind in kinds)]
    return entry | {
        "children": [
            {"label": label, "url": address, "current": kind == wanted, "count": None}
            for kind, label, address in rows
        ]
    }


def _accounting(shell: "Shell") -> list[Entry]:
    if Permission.BILLING_VIEW not in shell.can:
        return []
    counters = shell.counters or {}
    return [
        _entry(
            shell,
            _("To pay"),
            "wallet",
            "billing:to_pay",
            heading=_("Accounting"),
            count=counters.get("to_pay") or None,
        ),
        _entry(shell, _("Renewals"), "refresh-cw", "billing:renewals"),
        _entry(
            shell,
            _("Pending orders"),
            "clock",
            "billing:orders",
            count=counters.get("pending_orders") or None,
        ),
        _entry(shell, _("Invoice history"), "receipt", "billing:invoices"),
        _entry(shell, _("Spending"), "chart-column", "billing:figures"),
        _entry(shell, _("Prepaid account"), "piggy-bank", "billing:prepaid"),
        _entry(shell, _("Payment methods"), "credit-card", "billing:payment_methods"),
        _entry(shell, _("Billing addresses"), "map-pin", "billing:billing_addresses"),
        _entry(shell, _("Billing messages"), "mails", "billing:receivers"),
        _entry(shell, _("Promotions"), "ticket-percent", "billing:promotions"),
    ]


def _organization(shell: "Shell") -> list[Entry]:
    entries = []
    if Permission.MEMBERS_VIEW in shell.can:
        entries.append(_entry(shell, _("User management"), "users", "organizations:members"))
        entries.append(_entry(shell, _("Teams"), "users-round", "organizations:teams"))
    if Permission.MEMBERS_MANAGE in shell.can:
        waiting = shell.open_requests or None
        entries.append(
            _entry(shell, _("Requests for access"), "hand", "organizations:access_requests", count=waiting)
        )
    elif Permission.MEMBERSHIP_OWN in shell.can:
        entries.append(_entry(shell, _("My access"), "key-square", "organizations:my_access"))
    if Permission.MEMBERSHIP_OWN in shell.can:
        entries.append(_entry(shell, _("My mails"), "mail", "organizations:own_topics"))
    if Permission.ORGANIZATION_MANAGE in shell.can:
        entries.append(_entry(shell, _("Organization"), "building", "organizations:settings"))
        entries.append(_entry(shell, _("Webhooks"), "webhook", "organizations:webhooks"))
    if Permission.AUDIT_VIEW in shell.can:
        entries.append(_entry(shell, _("Activity"), "scroll-text", "organizations:audit"))
    if entries:
        entries[0]["heading"] = _("Organization")
    return entries


def build_person_menu(shell: "Shell") -> list[Entry]:
    """Return the side menu of a person's own pages: back to the last organization, and the account."""
    back: list[Entry] = []
    if shell.last_organization is not None:
        name, url = shell.last_organization
        back = [{"label": name, "icon": "arrow-left", "url": url, "current": False}]
    account = [
        _link(
            shell, _("My profile"), "user", reverse("accounts:profile"), exact=True, heading=_("My account")
        ),
        _link(shell, _("Security"), "shield-check", reverse("accounts:security")),
        _link(shell, _("API tokens"), "key-round", reverse("accounts:tokens")),
        _link(shell, _("Applications"), "app-window", reverse("accounts:consents")),
        _link(shell, _("Developer"), "braces", reverse("accounts:applications")),
        _link(shell, _("My organizations"), "building-2", reverse("organizations:mine")),
    ]
    return [*back, *account]


# How much waits in a room, for the rights that open it.
_COUNTS: dict[str, Callable[[], int]] = {
    MEND_SERVICES: count_troubled,
    RENEWAL_WARRANTY: lambda: count_waiting(today=now().date()),
    LOOK_AFTER_BANK: count_for_staff,
    PAY_OUT: count_requested,
    LOOK_AFTER_DISPUTES: count_to_answer,
    MEND_EVENTS: count_quarantined,
    FOLLOW_RUNS: lambda: sum(count_left_out().values()),
}


def build_staff_menu(shell: "Shell") -> list[Entry]:
    """Return the side menu of the back office: the rooms that the person has a right for."""
    rights: frozenset[str] = shell.staff_rights or frozenset()
    rooms = [
        (REVIEW_IDENTITY, _("Identity checks"), "scan-face", "accounts:staff_identity", _("People")),
        (SUPPORT_ACCESS, _("Support access"), "life-buoy", "organizations:staff_support", _("Customers")),
        (RENEWAL_WARRANTY, _("Renewal Warranty"), "shield-check", "products:staff_warranty", _("Domains")),
        (EDIT_CATALOG, _("Catalogue"), "book-open", "products:staff_catalog", _("Shop")),
        (MANAGE_PROMOTIONS, _("Promotions"), "ticket-percent", "billing:staff_promotions", _("Sales")),
        (MEND_SERVICES, _("Provisioning"), "server-cog", "products:staff_provisioning", _("Machines")),
        (LOOK_AFTER_BANK, _("Bank"), "landmark", "billing:staff_bank", _("Money")),
        (GIVE_REFUNDS, _("Refunds"), "undo-2", "billing:staff_refunds", _("Money")),
        (PAY_OUT, _("Withdrawals"), "banknote", "billing:staff_withdrawals", _("Money")),
        (LOOK_AFTER_DISPUTES, _("Disputes"), "gavel", "billing:staff_disputes", _("Money")),
        (MEND_EVENTS, _("Messages of providers"), "webhook", "billing:staff_messages", _("Money")),
        (FOLLOW_RUNS, _("Runs"), "activity", "billing:staff_runs", _("Money")),
        (PROVE_LEDGER, _("Ledger"), "scale", "billing:staff_ledger", _("Money")),
        (MANAGE_VAT, _("VAT"), "percent", "billing:staff_vat", _("Money")),
        (SEE_STAFF, _("Staff"), "user-cog", "accounts:staff", _("Installation")),
    ]
    counts = {right: count() or None for right, count in _COUNTS.items() if right in rights}
    entries = [_link(shell, _("What waits"), "inbox", reverse("shell:staff_home"), exact=True)]
    shown = {""}
    for right, label, icon, route, heading in rooms:
        if right in rights:
            first = "" if heading in shown else heading
            shown.add(heading)
            entries.append(_link(shell, label, icon, reverse(route), heading=first, count=counts.get(right)))
    entries += _staff_orders(shell, rights)
    back = {"label": _("Back to the panel"), "icon": "arrow-left", "url": "/", "current": False}
    return [*entries, {**back, "heading": _("Panel")}]


def _staff_orders(shell: "Shell", rights: frozenset[str]) -> list[Entry]:
    """Return the rooms of orders: all of them, those that are held, what is paid and waits, the rules."""
    entries: list[Entry] = []
    if LOOK_AFTER_ORDERS in rights:
        held, waiting = count_held() or None, count_unfulfilled() or None
        url = reverse("billing:staff_holds")
        entries = [
            _link(shell, _("All orders"), "shopping-bag", reverse("billing:staff_orders")),
            _link(shell, _("Held orders"), "hand", url, count=held),
            _link(
                shell, _("Paid, not set up"), "hourglass", reverse("billing:staff_unfulfilled"), count=waiting
            ),
        ]
    if EDIT_HOLD_RULES in rights:
        url = reverse("billing:staff_hold_rules")
        entries.append(_link(shell, _("Rules that hold orders"), "shield-alert", url))
    if entries:
        entries[0]["heading"] = _("Orders")
    return entries


def build_products_menu(shell: "Shell") -> list[Entry]:
    """Return the products menu at the top right: one group, an item for each family (PRD-2)."""
    items = [
        {"label": family.name, "icon": family.icon, "url": shell.url("products:family", family.slug)}
        for family in shell.families
    ]
    return [{"label": _("Products"), "items": items}]
