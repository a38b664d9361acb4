"""The back office's pages of held orders: why, who, release or refuse; and the rules (PRD-5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.identity.models import IdentityCase
from accounts.identity.rights import REVIEW_IDENTITY
from accounts.sessions.staff import StaffRequest, staff_view
from accounts.users.models import User
from billing.holds.forms import FORMS, HINTS, DecisionForm, HoldFilter, initial_of
from billing.holds.models import OrderHold
from billing.holds.rights import EDIT_HOLD_RULES, LOOK_AFTER_ORDERS
from billing.holds.rules import explain
from billing.holds.selectors import get_hold, get_rule, list_holds, list_rule_changes, list_rules
from billing.holds.services import ask_again, change_rule, refuse_hold, release_hold
from billing.holds.status import Decision, RuleKind
from billing.orders.selectors import get_order
from billing.orders.sums import sum_order
from billing.refunds.models import Refund
from manager.kit.errors import DomainError
from manager.kit.filtered_list import filtered_list
from manager.kit.scope import tenant_scope


@require_safe
@staff_view(LOOK_AFTER_ORDERS)
def holds(request: StaffRequest) -> HttpResponse:
    """List the held orders of all organizations, newest first."""
    context = filtered_list(request, filters=HoldFilter, find=list_holds)
    context |= {
        "rows": [(row, [explain(finding) for finding in row.findings]) for row in context["page"].rows],
        "can_edit_rules": EDIT_HOLD_RULES in request.staff_rights,
    }
    return render(request, "billing/holds/staff/holds.html", context)


@require_safe
@staff_view(LOOK_AFTER_ORDERS)
def hold(request: StaffRequest, hold_id: int) -> HttpResponse:
    """Show one held order with what met, who ordered, and its check."""
    row = get_hold(hold_id=hold_id)
    with tenant_scope(row.organization_id):
        order = get_order(organization=row.organization, order_id=row.order_id)
        refund = Refund.objects.filter(
            organization_id=row.organization_id, origin_key=f"hold:{row.pk}"
        ).first()
        context = {
            "hold": row,
            "order": order,
            "invoice": order.payable,
            "sums": sum_order(order=order),
            "reasons": [(RuleKind(one["rule"]).label, explain(one)) for one in row.findings],
            "person": User.objects.filter(pk=row.order.placed_by).first(),
            "check": IdentityCase.objects.filter(pk=row.case_id or 0).first(),
            "sees_checks": REVIEW_IDENTITY in request.staff_rights,
            "refund": refund,
        }
        return render(request, "billing/holds/staff/hold.html", context)


@require_POST
@staff_view(LOOK_AFTER_ORDERS)
def send_again(request: StaffRequest, hold_id: int) -> HttpResponse:
    """Send the mail with the identity check again."""
    row = get_hold(hold_id=hold_id)
    try:
        with tenant_scope(row.organization_id):
            ask_again(hold=row, actor=request.actor, at=request.at)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The mail is on its way."))
    return redirect("billing:staff_hold", hold_id=row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(LOOK_AFTER_ORDERS)
def release(request: StaffRequest, hold_id: int) -> HttpResponse:
    """Ask why, then let the order go on."""
    return _decide(request, get_hold(hold_id=hold_id), is_release=True)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(LOOK_AFTER_ORDERS)
def refuse(request: StaffRequest, hold_id: int) -> HttpResponse:
    """Ask why, then cancel the order and give its money back."""
    return _decide(request, get_hold(hold_id=hold_id), is_release=False)


def _decide(request: StaffRequest, row: OrderHold, *, is_release: bool) -> HttpResponse:
    form = DecisionForm(request.POST or None)
    template = "billing/holds/staff/release.html" if is_release else "billing/holds/staff/refuse.html"
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, template, {"hold": row, "form": form}, status=status)
    verb = release_hold if is_release else refuse_hold
    with tenant_scope(row.organization_id):
        verb(
            hold=row,
            decision=Decision.STAFF,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=request.at,
        )
    done = _("The order goes on.") if is_release else _("The order is cancelled; its money goes back.")
    messages.success(request, done)
    return redirect("billing:staff_hold", hold_id=row.pk)


@require_safe
@staff_view(EDIT_HOLD_RULES)
def rules(request: StaffRequest) -> HttpResponse:
    """List the rules that hold orders."""
    rows = [(rule, HINTS[RuleKind(rule.kind)]) for rule in list_rules()]
    return render(request, "billing/holds/staff/rules.html", {"rules": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_HOLD_RULES)
def rule(request: StaffRequest, kind: str) -> HttpResponse:
    """Change one rule; below it, who changed what."""
    row = get_rule(kind=kind)
    form = FORMS[row.kind](request.POST or None, initial=initial_of(row.kind, row.is_on, row.parameters))
    if request.method == "POST" and form.is_valid():
        change_rule(
            kind=row.kind,
            is_on=form.cleaned_data["is_on"],
            parameters=form.parameters(),
            actor=request.actor,
            at=request.at,
        )
        messages.success(request, _("The rule is saved."))
        return redirect("billing:staff_hold_rules")
    context = {
        "rule": row,
        "form": form,
        "hint": HINTS[RuleKind(row.kind)],
        "changes": list_rule_changes(kind=row.kind),
    }
    return render(
        request, "billing/holds/staff/rule.html", context, status=422 if request.method == "POST" else 200
    )
