"""Pages of aliases and redirections (MAIL-1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.users.addresses import normalize_email
from manager.kit.errors import DomainError
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.inventory.models import Product
from products.modules.mail.forms import (
    KINDS,
    AliasForm,
    AliasTargetForm,
    RedirectionForm,
    RedirectionTargetForm,
    RouteFilter,
)
from products.modules.mail.models import Mailbox, MailRoute
from products.modules.mail.selectors import find_mailboxes, get_route, list_routes
from products.modules.mail.services import (
    change_alias,
    change_redirection,
    create_alias,
    create_redirection,
    delete_route,
)
from products.modules.mail.views.entering import form_page, own_product, page, refusals_shown

SEE, MANAGE = Permission.PRODUCTS_VIEW, Permission.PRODUCTS_MANAGE


@require_safe
@organization_view(SEE)
def route_list(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """List the aliases and redirections of a product."""
    product = own_product(request, product_id, to_manage=False)
    values = RouteFilter(request.GET).checked()
    found = list_routes(
        product=product,
        search=values["q"].strip(),
        kind=values["kind"],
        after=values["after"],
        before=values["before"],
    )
    return page(request, "routes", product, page=found, values=values, kinds=KINDS)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def new_alias(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Give a mailbox another address."""
    product = own_product(request, product_id)
    form = AliasForm(posted(request), initial={"mailbox": _first(request.GET.get("mailbox", ""))})
    if form.is_valid() and (mailbox := _mailbox(product, form)):
        with refusals_shown(form):
            name = form.cleaned_data["name"]
            create_alias(product=product, name=name, mailbox=mailbox, actor=request.actor, at=request.at)
            messages.success(request, _("The alias is being set up."))
            return _to_routes(product)
    return form_page(request, "alias", product, form)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def new_redirection(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Send what comes to an address on to others."""
    product = own_product(request, product_id)
    form = RedirectionForm(posted(request), initial={"name": _first(request.GET.get("name", ""))})
    if form.is_valid():
        with refusals_shown(form):
            create_redirection(product=product, **form.cleaned_data, actor=request.actor, at=request.at)
            messages.success(request, _("The redirection is being set up."))
            return _to_routes(product)
    return form_page(request, "redirection", product, form)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def change(request: OrganizationRequest, product_id: int, route_id: int) -> HttpResponse:
    """Let an alias or a redirection lead somewhere else."""
    product = own_product(request, product_id)
    route = get_route(product=product, route_id=route_id)
    form: AliasTargetForm | RedirectionTargetForm
    if route.mailbox is not None:
        form = AliasTargetForm(posted(request), initial={"mailbox": route.mailbox.address})
    else:
        kept = {"targets": "\n".join(route.targets), "keeps_copy": route.keeps_copy}
        form = RedirectionTargetForm(posted(request), initial=kept)
    if form.is_valid():
        with refusals_shown(form):
            if _change(request, product, route, form):
                messages.success(request, _("%(address)s is being changed.") % {"address": route.address})
                return _to_routes(product)
    return form_page(request, "route_change", product, form, route=route)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def delete(request: OrganizationRequest, product_id: int, route_id: int) -> HttpResponse:
    """Ask, then delete an alias or a redirection."""
    product = own_product(request, product_id)
    route = get_route(product=product, route_id=route_id)
    if request.method == "POST":
        try:
            delete_route(route=route, actor=request.actor, at=request.at)
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("%(address)s is being deleted.") % {"address": route.address})
        return _to_routes(product)
    return page(request, "route_delete", product, route=route)


def _change(
    request: OrganizationRequest,
    product: Product,
    route: MailRoute,
    form: AliasTargetForm | RedirectionTargetForm,
) -> MailRoute | None:
    """Change it as the form says; None where the form then says why not."""
    if isinstance(form, RedirectionTargetForm):
        return change_redirection(
            product=product, route=route, **form.cleaned_data, actor=request.actor, at=request.at
        )
    mailbox = _mailbox(product, form)
    if mailbox is None:
        return None
    return change_alias(product=product, route=route, mailbox=mailbox, actor=request.actor, at=request.at)


def _mailbox(product: Product, form: AliasTargetForm) -> Mailbox | None:
    """Return the mailbox that was typed, or say beside the field that there is none."""
    typed = normalize_email(form.cleaned_data["mailbox"])
    found = find_mailboxes(product=product).filter(address=typed).first()
    if found is None:
        form.add_error("mailbox", _("There is no such mailbox at this product."))
    return found


def _first(text: str) -> str:
    """Return what the address of the page proposes, as far as it can be shown."""
    return "".join(character for character in text[:254] if character.isprintable())


def _to_routes(product: Product) -> HttpResponse:
    return redirect("products:mail_routes", organization_id=product.organization_id, product_id=product.pk)
