"""What the pages of the mail service share: which product it is, and refusals beside their fields."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from products.inventory.models import Product
from products.inventory.status import RUNNING
from products.modules.mail.addresses import domain_of
from products.modules.mail.selectors import get_mail_product


class OnlyMembersChange(DomainError):
    """Support looks at mail and helps by word: a password or a redirection would open what mails open."""

    code = "only_members_change"
    status = 403
    message = _("Support can look at mailboxes here. Only members of the organization change them.")


def own_product(request: OrganizationRequest, product_id: int, *, to_manage: bool = True) -> Product:
    """Return the mail service of the address; with `to_manage` only to who may change it.

    :raises NotFound: there is none for this member.
    :raises ProductReadOnly: the member only sees it.
    :raises OnlyMembersChange: support asks, by whatever access (ORG-15).
    """
    if to_manage and request.visit is not None:
        raise OnlyMembersChange
    return get_mail_product(
        organization=request.organization,
        scope=request.product_scope,
        product_id=product_id,
        to_manage=to_manage,
    )


def page(
    request: OrganizationRequest, name: str, product: Product, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Return a page of the mail service, with what all of them show."""
    may_manage = request.visit is None and Permission.PRODUCTS_MANAGE in request.can
    may_manage = may_manage and request.product_scope.may_manage(product.pk, product.family)
    shared = {
        "product": product,
        "domain": domain_of(product),
        "may_manage": may_manage,
        "is_running": product.status in RUNNING,
    }
    return render(request, f"products/mail/{name}.html", {**shared, **context}, status=status)


def form_page(
    request: OrganizationRequest, name: str, product: Product, form: forms.Form, **context: Any
) -> HttpResponse:
    """Return the page of a form: 422 where it was sent and is shown again."""
    return page(request, name, product, status=422 if form.is_bound else 200, form=form, **context)


@contextmanager
def refusals_shown(form: forms.Form, only: str | None = None) -> Iterator[None]:
    """Show a refusal beside its field, or `only` beside that one; what is missing stays a missing page."""
    try:
        yield
    except DomainError as refused:
        if refused.status == 404:
            raise
        field = only or refused.field
        form.add_error(field if field in form.fields else None, str(refused))


def to_mailboxes(product: Product) -> HttpResponse:
    """Lead back to the list."""
    return redirect("products:mailboxes", organization_id=product.organization_id, product_id=product.pk)
