"""Pages to pay an invoice, and what becomes of a payment."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.gateway.hosted_pages import leads_to_provider
from billing.invoices.models import Invoice
from billing.invoices.selectors import get_invoice, list_lines
from billing.invoices.services.requote import InvoiceChanged
from billing.payments.balance import can_share
from billing.payments.models import PaymentAttempt, Way
from billing.payments.options import TRANSFER, PayOption, first_choice, pay_options
from billing.payments.outcome import build_outcome
from billing.payments.selectors import get_announced_transfer, get_attempt, get_open_attempt
from billing.payments.services import (
    PaymentInProgress,
    announce_transfer,
    cancel_attempt,
    confirm_payment,
    pay_from_prepaid,
    pay_with_method,
    refresh_attempt,
    start_payment,
)
from billing.reservations.selectors import due_of, reserved_for
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE


@leads_to_provider
@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def pay_invoice(request: OrganizationRequest, invoice_id: int) -> HttpResponse:
    """Show what is to be paid and choose the means; then pay."""
    invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
    if not invoice.is_payable:
        messages.info(request, _("This invoice does not wait for a payment."))
        return redirect("billing:invoice", request.organization.pk, invoice.pk)
    options = pay_options(invoice=invoice, today=day_in(request.organization.time_zone, request.at))
    if request.method == "POST":
        return _pay_by_choice(request, invoice, options, request.POST.get("choice", ""))
    return _show(request, invoice, options, chosen=request.GET.get("with", ""))


def _pay_by_choice(
    request: OrganizationRequest, invoice: Invoice, options: list[PayOption], chosen: str
) -> HttpResponse:
    option = next((known for known in options if known.value == chosen), None)
    if option is None or option.reason:
        problem = option.reason if option is not None else _("Please choose how you want to pay.")
        return _show(request, invoice, options, chosen=chosen, error=problem, status=422)
    try:
        if option.value == TRANSFER:
            announce_transfer(invoice=invoice, actor=request.actor, at=request.at)
            return redirect("billing:invoice_transfer", request.organization.pk, invoice.pk)
        attempt = _pay(request, invoice, option)
    except (PaymentInProgress, InvoiceChanged) as error:
        messages.warning(request, str(error))
        return _to_open_attempt(request, invoice)
    except DomainError as error:
        return _show(request, invoice, options, chosen=chosen, error=str(error.message), status=error.status)
    if attempt.way == Way.CHECKOUT and attempt.redirect_url:
        return redirect(attempt.redirect_url)
    return redirect("billing:payment_return", request.organization.pk, attempt.pk)


def _pay(request: OrganizationRequest, invoice: Invoice, option: PayOption) -> PaymentAttempt:
    uses_balance = request.POST.get("balance") == "on"
    if option.method is not None:
        return pay_with_method(
            invoice=invoice,
            method=option.method,
            actor=request.actor,
            at=request.at,
            uses_balance=uses_balance,
        )
    if option.kind is not None:
        return start_payment(
            invoice=invoice,
            kinds=(option.kind,),
            save_means=request.POST.get("keep") == "on",
            language=get_language() or "en",
            actor=request.actor,
            at=request.at,
            uses_balance=uses_balance,
        )
    return pay_from_prepaid(invoice=invoice, actor=request.actor, at=request.at)


def _show(
    request: OrganizationRequest,
    invoice: Invoice,
    options: list[PayOption],
    *,
    chosen: str,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "invoice": invoice,
        "lines": list_lines(invoice=invoice),
        "options": options,
        "chosen": first_choice(options, chosen),
        "due": due_of(invoice=invoice),
        "reserved": reserved_for(invoice=invoice),
        "balance_part": can_share(invoice=invoice),
        "uses_balance": request.POST.get("balance") == "on",
        "keeps": request.method != "POST" or request.POST.get("keep") == "on",
        "error": error,
        "open_attempt": get_open_attempt(invoice=invoice),
        "announced": get_announced_transfer(invoice=invoice),
    }
    return render(request, "billing/payments/pay.html", context, status=status)


def _to_open_attempt(request: OrganizationRequest, invoice: Invoice) -> HttpResponse:
    attempt = get_open_attempt(invoice=invoice)
    if attempt is None:
        return redirect("billing:invoice", request.organization.pk, invoice.pk)
    return redirect("billing:payment_return", request.organization.pk, attempt.pk)


@organization_view(VIEW, POST=MANAGE, in_transaction=False)
@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: OrganizationRequest, attempt_id: int) -> HttpResponse:
    """Show where a payment stands; while it is open the provider is asked, and the page goes on by itself.

    A POST begins the approval of a renewal's charge at the bank, with the same charge (BIL-11).
    """
    attempt = get_attempt(organization=request.organization, attempt_id=attempt_id)
    if request.method == "POST":
        return _approve(request, attempt)
    if attempt.is_open:
        try:
            refresh_attempt(attempt=attempt, actor=request.actor, at=request.at)
        except DomainError as error:
            messages.warning(request, str(error))
        attempt = get_attempt(organization=request.organization, attempt_id=attempt_id)
    context = {"outcome": build_outcome(attempt=attempt, can_manage=MANAGE in request.can)}
    return render(request, "billing/payments/payment.html", context)


def _approve(request: OrganizationRequest, attempt: PaymentAttempt) -> HttpResponse:
    back = reverse("billing:payment_return", args=[request.organization.pk, attempt.pk])
    try:
        confirm_payment(
            attempt=attempt,
            return_url=f"{settings.PUBLIC_BASE_URL}{back}",
            actor=request.actor,
            at=request.at,
        )
    except DomainError as error:
        messages.warning(request, str(error))
    # Not to the bank at once: its address is not among those that this page's forms may lead to.
    return redirect(back)


@organization_view(MANAGE)
@require_POST
def cancel_payment(request: OrganizationRequest, attempt_id: int) -> HttpResponse:
    """Give up an open payment, to choose another means."""
    attempt = get_attempt(organization=request.organization, attempt_id=attempt_id)
    try:
        attempt = cancel_attempt(attempt=attempt, actor=request.actor, at=request.at)
    except DomainError as error:
        messages.warning(request, str(error))
    if attempt.is_closed and attempt.invoice_id is not None:
        return redirect("billing:pay_invoice", request.organization.pk, attempt.invoice_id)
    if attempt.is_closed:
        return redirect("billing:prepaid", request.organization.pk)
    return redirect("billing:payment_return", request.organization.pk, attempt.pk)
