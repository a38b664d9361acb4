"""Pages of all mailboxes of a domain: the list, new ones, and what is done with selected ones (MAIL-1)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound, Text
from manager.kit.ids import require_ids
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.inventory.models import Product
from products.modules.mail.errors import MailboxNotFound
from products.modules.mail.forms import STATUSES, ConfirmForm, ImportForm, MailboxFilter, MailboxForm
from products.modules.mail.models import Mailbox
from products.modules.mail.selectors import count_mailboxes, find_limit, find_mailboxes, list_mailboxes
from products.modules.mail.services import (
    create_mailbox,
    create_mailboxes,
    delete_mailboxes,
    retry_mailboxes,
    set_suspended,
)
from products.modules.mail.views.entering import form_page, own_product, page, refusals_shown, to_mailboxes

SEE, MANAGE = Permission.PRODUCTS_VIEW, Permission.PRODUCTS_MANAGE
Do = Callable[[Sequence[Mailbox], Actor, datetime], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done with several mailboxes: its words, and whether a box has to be ticked."""

    slug: str
    title: Text
    text: Text
    submit: Text
    icon: str
    do: Do
    is_dangerous: bool = False


DEEDS = {
    deed.slug: deed
    for deed in (
        Deed(
            "suspend",
            gettext_lazy("Suspend mailboxes"),
            gettext_lazy("They take no mail and let nobody in, and keep what is in them."),
            gettext_lazy("Suspend"),
            "pause",
            lambda found, actor, at: set_suspended(mailboxes=found, is_suspended=True, actor=actor, at=at),
        ),
        Deed(
            "resume",
            gettext_lazy("Let mailboxes work again"),
            gettext_lazy("They take mail again, and their readers come in with the passwords as they were."),
            gettext_lazy("Let them work again"),
            "play",
            lambda found, actor, at: set_suspended(mailboxes=found, is_suspended=False, actor=actor, at=at),
        ),
        Deed(
            "retry",
            gettext_lazy("Try again"),
            gettext_lazy("What failed is tried once more at once."),
            gettext_lazy("Try again"),
            "rotate-cw",
            lambda found, actor, at: retry_mailboxes(mailboxes=found, actor=actor, at=at),
        ),
        Deed(
            "delete",
            gettext_lazy("Delete mailboxes"),
            gettext_lazy(
                "All mail in them is lost, and their aliases and redirections go with them. "
                "Who signs in here with one of these addresses needs another login then."
            ),
            gettext_lazy("Delete"),
            "trash-2",
            lambda found, actor, at: delete_mailboxes(mailboxes=found, actor=actor, at=at),
            is_dangerous=True,
        ),
    )
}


@require_safe
@organization_view(SEE)
def mailbox_list(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """List the mailboxes of a product."""
    product = own_product(request, product_id, to_manage=False)
    values = MailboxFilter(request.GET).checked()
    found = list_mailboxes(
        product=product,
        search=values["q"].strip(),
        status=values["status"],
        after=values["after"],
        before=values["before"],
    )
    count, limit = count_mailboxes(product), find_limit(product)
    return page(
        request,
        "mailboxes",
        product,
        page=found,
        values=values,
        statuses=STATUSES,
        count=count,
        limit=limit,
        is_full=count >= limit,
    )


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def create(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Make a mailbox."""
    product = own_product(request, product_id)
    form = MailboxForm(posted(request))
    if form.is_valid():
        with refusals_shown(form):
            made = create_mailbox(product=product, wanted=form.wanted(), actor=request.actor, at=request.at)
            messages.success(request, _("%(address)s is being set up.") % {"address": made.address})
            return to_mailboxes(product)
    return form_page(request, "create", product, form)


@sensitive_post_parameters("lines")
@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def import_lines(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Make several mailboxes at once, from lines of a table."""
    product = own_product(request, product_id)
    form = ImportForm(posted(request))
    if form.is_valid():
        with refusals_shown(form, only="lines"):
            wanted = form.cleaned_data["lines"]
            made = create_mailboxes(product=product, wanted=wanted, actor=request.actor, at=request.at)
            text = ngettext(
                "%(count)d mailbox is being set up.", "%(count)d mailboxes are being set up.", len(made)
            )
            messages.success(request, text % {"count": len(made)})
            return to_mailboxes(product)
    return form_page(request, "import", product, form)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def selected(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Ask, then do one thing with the selected mailboxes."""
    product = own_product(request, product_id)
    data = request.POST if request.method == "POST" else request.GET
    deed = DEEDS.get(data.get("do", ""))
    if deed is None:
        raise NotFound
    mailboxes = _chosen(product, data.getlist("selected"))
    if not mailboxes:
        messages.error(request, _("Please select mailboxes first."))
        return redirect("products:mailboxes", organization_id=product.organization_id, product_id=product.pk)
    asked = request.method == "POST" and data.get("asked") == "yes"
    form = ConfirmForm(data if asked else None) if deed.is_dangerous else None
    error = ""
    if asked and (form is None or form.is_valid()):
        try:
            deed.do(mailboxes, request.actor, request.at)
        except DomainError as refused:
            error = str(refused)
        else:
            messages.success(request, _("It is carried out now."))
            return to_mailboxes(product)
    context = {"deed": deed, "mailboxes": mailboxes, "form": form, "error": error}
    return page(request, "selected", product, status=422 if asked else 200, **context)


def _chosen(product: Product, ids: list[str]) -> list[Mailbox]:
    """Return the mailboxes of these ids.

    :raises MailboxNotFound: one of them is not the product's.
    """
    wanted = require_ids(ids)
    found = list(find_mailboxes(product=product).filter(pk__in=wanted).order_by("address"))
    if len(found) != len(wanted):
        raise MailboxNotFound
    return found
