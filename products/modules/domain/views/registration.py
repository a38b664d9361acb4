"""What the registry knows of a domain: name servers, contacts, transfer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions.sudo import sudo_page
from manager.kit.errors import DomainError
from manager.kit.forms import refusals_beside_fields
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.modules.domain.contacts import Contact, ContactRole, default_contact
from products.modules.domain.errors import DomainNotFound
from products.modules.domain.forms import ContactForm, LockForm, ServersForm
from products.modules.domain.selectors import (
    SET_AUTH_CODE,
    SET_CONTACTS,
    SET_LOCK,
    SET_NAME_SERVERS,
    servers_of,
)
from products.modules.domain.services import (
    make_auth_code,
    set_contact,
    set_name_servers,
    set_transfer_lock,
)
from products.modules.domain.services.registration import wanted_contacts
from products.modules.domain.visits import DomainVisit, visit_domain


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def name_servers(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Show the name servers, choose others."""
    visit = visit_domain(request, product_id)
    wish = visit.wish(SET_NAME_SERVERS)
    wanted = wish.action.parameters["servers"] if wish else visit.domain.name_servers
    form = ServersForm(posted(request), initial=_initial_servers(wanted))
    if form.is_valid():
        with refusals_beside_fields(form):
            set_name_servers(domain=visit.domain, given=form.servers(), actor=request.actor, at=request.at)
            messages.success(
                request, _("The registry is told. It is in force once the registry has taken it.")
            )
            return _to(visit, "products:domain_name_servers")
    context = visit.context(
        tab="servers", form=form, wish=wish, wanted=wanted, in_force=servers_of(visit.domain)
    )
    status = 422 if form.is_bound else 200
    return render(request, "products/domain/name_servers.html", context, status=status)


def _initial_servers(servers: list[dict[str, list[str]]]) -> dict[str, object]:
    initial: dict[str, object] = {"choice": ServersForm.OWN if servers else ServersForm.OURS}
    for number, server in enumerate(servers, start=1):
        initial[f"host_{number}"] = server["host"]
        initial[f"addresses_{number}"] = ", ".join(server["addresses"])
    return initial


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def contacts(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Show the four contacts."""
    visit = visit_domain(request, product_id)
    usual = default_contact(request.organization)
    wanted = wanted_contacts(visit.domain)
    rows = [
        (role, Contact(**wanted[role]) if role in wanted else usual, role in wanted) for role in ContactRole
    ]
    context = visit.context(tab="contacts", rows=rows, usual=usual, wish=visit.wish(SET_CONTACTS))
    return render(request, "products/domain/contacts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def contact(request: OrganizationRequest, product_id: int, role: str) -> HttpResponse:
    """Change one contact, or let the organization's data stand in its place."""
    visit = visit_domain(request, product_id)
    if role not in ContactRole.values:
        raise DomainNotFound
    own = wanted_contacts(visit.domain).get(role)
    choice = ContactForm.OWN if own else ContactForm.OURS
    initial = {**(own or default_contact(request.organization).as_dict()), "choice": choice}
    form = ContactForm(posted(request), initial=initial)
    if form.is_valid():
        given = form.cleaned_data if form.cleaned_data["choice"] == ContactForm.OWN else None
        with refusals_beside_fields(form):
            set_contact(domain=visit.domain, role=role, given=given, actor=request.actor, at=request.at)
            messages.success(
                request, _("The registry is told. It is in force once the registry has taken it.")
            )
            return _to(visit, "products:domain_contacts")
    context = visit.context(tab="contacts", form=form, role=ContactRole(role))
    status = 422 if form.is_bound else 200
    return render(request, "products/domain/contact.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.ORGANIZATION_MANAGE)
def transfer(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Show the transfer lock and switch it; the way to the auth code."""
    visit = visit_domain(request, product_id)
    form = LockForm(posted(request))
    if form.is_valid():
        try:
            on = form.cleaned_data["locked"] == "on"
            set_transfer_lock(domain=visit.domain, on=on, actor=request.actor, at=request.at)
        except DomainError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request, _("The registry is told. It is in force once the registry has taken it.")
            )
        return _to(visit, "products:domain_transfer")
    context = visit.context(
        tab="transfer",
        wish=visit.wish(SET_LOCK),
        code_wish=visit.wish(SET_AUTH_CODE),
        may_transfer=Permission.ORGANIZATION_MANAGE in request.can,
    )
    return render(request, "products/domain/transfer.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@organization_view(Permission.ORGANIZATION_MANAGE)
def auth_code(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """After a fresh proof, make an auth code and show it once; a missing domain is told before the proof."""
    return _auth_code(request, visit_domain(request, product_id))


@sudo_page
@sensitive_variables("code")
def _auth_code(request: OrganizationRequest, visit: DomainVisit) -> HttpResponse:
    code, error = "", ""
    if request.method == "POST":
        try:
            code = make_auth_code(
                domain=visit.domain, user_id=request.user.pk, actor=request.actor, at=request.at
            )
        except DomainError as refused:
            error = str(refused)
    context = visit.context(tab="transfer", code=code, error=error)
    return render(request, "products/domain/auth_code.html", context, status=409 if error else 200)


def _to(visit: DomainVisit, page: str) -> HttpResponse:
    return redirect(page, organization_id=visit.domain.organization_id, product_id=visit.product.pk)
