"""What a page does, an operation does, too; or a reason says why not (API-1)."""

from dataclasses import replace
from typing import Any

import pytest

from billing.invoices.services import cancel_invoice, void_invoice
from organizations.access.api import OrganizationAPIView
from organizations.access.roles import Permission
from tests.api.verbs import differences, find_views, ways_of
from tests.isolation.expectations import OPERATIONS, OWN_OPERATIONS, PAGES

OF_PEOPLE = "A page for people alone: what it shows is told by the operations of its rows."
CART = "A step of the cart; POST orders takes all lines at once."
PROOF = "Asks a fresh proof of the person, which a token cannot give (INC-14)."
PROVIDER = "Where the provider's page sends the person's browser back to."
TABLE = "The same rows as a file; the list operation gives them as JSON."

# The operation of a page that goes by another name.
SAME: dict[str, str] = {
    "organizations:settings": "organization",
    "organizations:upload_logo": "logo",
    "organizations:remove_logo": "logo",
    "organizations:check_vat": "vat_check",
    "organizations:member_topics": "member",
    "organizations:remove_members": "member",
    "organizations:invite": "invitations",
    "organizations:invite_step": "invitations",
    "organizations:withdraw_invitation": "invitation",
    "organizations:end_grant": "grant",
    "organizations:my_access": "why",
    "organizations:ask_access": "access_requests",
    "organizations:answer_request": "approve_access_request",
    "organizations:withdraw_request": "access_request",
    "organizations:create_team": "teams",
    "organizations:edit_team": "team",
    "organizations:team_leader": "team",
    "organizations:delete_team": "team",
    "organizations:add_to_team": "team_members",
    "organizations:remove_from_team": "team_member",
    "organizations:give_support": "support_access",
    "organizations:revoke_support": "revoke_support_access",
    "organizations:lift_second_factor": "second_factor_policy",
    "organizations:audit_event": "audit",
    "organizations:check_audit": "audit_chain",
    "organizations:add_webhook": "webhooks",
    "organizations:edit_webhook": "webhook",
    "organizations:delete_webhook": "webhook",
    "products:list": "products",
    "products:family": "products",
    "products:ask_action": "product_actions",
    "products:cancel_action": "product_action",
    "products:dns_zone": "domain_records",
    "products:dns_add": "domain_records",
    "products:dns_edit": "domain_record",
    "products:dns_delete": "domain_record",
    "products:dns_import": "domain_zone",
    "products:dns_export": "domain_zone",
    "products:dns_history": "domain_versions",
    "products:dns_version": "domain_version",
    "products:dyndns": "dynamic_hosts",
    "products:dyndns_key": "dynamic_host_key",
    "products:dyndns_remove": "dynamic_host",
    "products:domain_transfer": "domain",
    "products:create_mailbox": "mailboxes",
    "products:mailbox_reply": "mailbox",
    "products:create_alias": "mail_routes",
    "products:create_redirection": "mail_routes",
    "products:change_mail_route": "mail_route",
    "products:delete_mail_route": "mail_route",
    "products:rename": "product",
    "products:new_tag": "tags",
    "products:edit_tag": "tag",
    "products:delete_tag": "tag",
    "products:save_filter": "filters",
    "products:rename_filter": "filter",
    "products:delete_filter": "filter",
    "products:end_calendar": "calendar",
    "products:terminate": "terminations",
    "products:withdraw_termination": "termination",
    "products:transfer_product": "transfers",
    "products:withdraw_transfer": "transfer",
    "billing:restore": "redemption",
    "billing:invoice_order_number": "invoice_purchase_order",
    "billing:remove_purchase_order": "purchase_order",
    "billing:invoices_period": "archives",
    "billing:download_archive": "archive_file",
    "billing:figures": "figures_spending",
    "billing:billing_addresses": "addresses",
    "billing:add_billing_address": "addresses",
    "billing:edit_billing_address": "address",
    "billing:remove_billing_address": "address",
    "billing:receivers": "billing_receivers",
    "billing:add_receiver": "billing_receivers",
    "billing:edit_receiver": "billing_receiver",
    "billing:ask_receiver": "ask_billing_receiver",
    "billing:remove_receivers": "billing_receiver",
    "billing:add_payment_method": "payment_methods",
    "billing:rename_payment_method": "payment_method",
    "billing:remove_payment_method": "payment_method",
    "billing:cancel_withdrawal": "withdrawal",
    "billing:promotions": "free_credits",
    "billing:to_pay_select": "to_pay",
    "billing:shop": "catalogue",
    "billing:shop_plan": "orders",
    "billing:shop_family": "catalogue",
    "billing:shop_domains": "public_domain_names",
    "billing:modify_offer": "changes",
    "billing:checkout": "orders",
    "billing:auto_renew": "renewals",
    "billing:check_renewals": "renewal_findings",
    "billing:renewal_address": "product_renewal",
    "billing:renewal_means": "product_renewal",
}

# Why a page has none.
NONE: dict[str, str] = {
    "shell:home": OF_PEOPLE,
    "shell:search": OF_PEOPLE,
    "shell:products_menu": OF_PEOPLE,
    "organizations:switch": "`current` names the organization of a token.",
    "organizations:delete": PROOF,
    "organizations:export_members": TABLE,
    "organizations:export_audit": TABLE,
    "products:domain_auth_code": PROOF,
    "products:import_mailboxes": "Each row is one POST of a mailbox.",
    "products:selected_mailboxes": "Each mailbox is changed by its own operation.",
    "billing:export_invoices": TABLE,
    "billing:download_invoices": "Each document is one operation; those of a period are `archives`.",
    "billing:export_spend": TABLE,
    "billing:export_forecast": TABLE,
    "billing:payment_return": PROVIDER,
    "billing:payment_method_return": PROVIDER,
    "billing:prepaid_csv": TABLE,
    "billing:withdraw": PROOF,
    "billing:take_over_cart": CART,
    "billing:cart": CART,
    "billing:cart_change": CART,
    "billing:cart_remove": CART,
}
# Operations for everybody have no line in the matrix of rights.
PUBLIC = {"public_domain_names"}


# Pages whose choices go by further operations than the one above.
FURTHER: dict[str, tuple[str, ...]] = {
    "billing:promotions": ("used_codes",),
    "billing:prepaid": ("prepaid_movements",),
    "organizations:grant": ("grants",),
    "organizations:answer_request": ("refuse_access_request",),
    "products:dns_edit": ("domain_records",),
    "products:dns_import": ("domain_version",),
    "billing:pay_invoice": ("invoice_transfer",),
}
# Verbs of a page that no operation has, and why.
PAGE_ALONE: dict[tuple[str, str], str] = {
    ("billing:shop_plan", "add_to_cart"): CART,
    (
        "billing:checkout",
        "add_address",
    ): "Beside the order, by who may order; POST billing-addresses adds one.",
    ("billing:checkout", "enter_code"): "A code that waits in the cart; POST orders takes all codes at once.",
    (
        "billing:checkout",
        "remove_code",
    ): "A code that waits in the cart; POST orders takes all codes at once.",
}
# Pages that write nothing for good.
STEPS = {"organizations:invite": "The first step of the invitation keeps the addresses in the session."}
# Pages that read by another right than their operation, and why.
READ_OTHERWISE: dict[str, str] = {
    "organizations:access_requests": "Who manages members sees all requests there; others see their own.",
    "billing:shop": "The page leads to an order; what things cost is no secret, see the public catalogue.",
    "billing:shop_family": "The page leads to an order; what things cost is no secret.",
}
VIEWS = find_views()


def operations_of(page: str) -> list[Any]:
    """Return the views of a page's operations."""
    name = SAME.get(page, page.partition(":")[2])
    return [VIEWS[f"api-1:{one}"] for one in (name, *FURTHER.get(page, ()))]


def test_every_page_has_an_operation_or_a_reason() -> None:
    """API-1: a new page without either fails here."""
    operations = {*OPERATIONS, *OWN_OPERATIONS, *PUBLIC}
    assert {name for name in PUBLIC if f"api-1:{name}" not in VIEWS} == set()
    alone = {page for page in PAGES if page.partition(":")[2] not in operations}
    assert alone - set(SAME) - set(NONE) == set(), "give it an operation, or a reason"
    assert (set(SAME) | set(NONE)) - alone == set(), "has an operation by its name, or is gone"
    assert not set(SAME) & set(NONE)
    assert {page: name for page, name in SAME.items() if name not in operations} == {}


@pytest.mark.parametrize("page", sorted(set(PAGES) - set(NONE)))
def test_a_page_and_its_operation_end_in_the_same_verb_by_the_same_right(page: str) -> None:
    """API-1: read from the code of both; what the page calls the operation calls, with the same guard."""
    way = ways_of(VIEWS[page])
    operations = [ways_of(view) for view in operations_of(page) if hasattr(view.view_class, "permissions")]
    if "POST" not in PAGES[page]:
        rights = {one["GET"].right for one in operations if "GET" in one}
        assert (rights <= {way["GET"].right}) is (page not in READ_OTHERWISE)
        return
    alone = {verb for at, verb in PAGE_ALONE if at == page}
    assert alone <= way["POST"].verbs, "the page calls it no more"
    page_way = replace(way["POST"], verbs=way["POST"].verbs - alone)
    assert bool(way["POST"].verbs) is (page not in STEPS), "a page that writes calls a verb"
    assert differences(page_way, [one for each in operations for one in each.values()]) == []


class Weaker(OrganizationAPIView):
    """Voids an invoice for whoever sees the organization."""

    permissions = {"POST": Permission.ORGANIZATION_VIEW}
    scopes = {"POST": "billing:write"}

    def post(self, request: Any) -> None:
        """Call the verb of the page."""
        void_invoice(invoice=request.invoice, reason="", actor=request.actor, at=request.at)


class Other(Weaker):
    """Cancels instead."""

    permissions = {"POST": Permission.BILLING_MANAGE}

    def post(self, request: Any) -> None:
        """Call another verb than the page."""
        cancel_invoice(invoice=request.invoice, actor=request.actor, at=request.at)


def test_a_weaker_guard_and_another_verb_are_found() -> None:
    """API-1: planted."""
    page = ways_of(VIEWS["billing:void_invoice"])["POST"]
    assert differences(page, [*ways_of(VIEWS["api-1:void_invoice"]).values()]) == []
    weaker, other = (differences(page, [*ways_of(one.as_view()).values()]) for one in (Weaker, Other))
    assert weaker == ["void_invoice asks for organization:view, not billing:manage"]
    assert other == ["no operation ends in void_invoice"]
