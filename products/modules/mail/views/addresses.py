"""Pages of one mailbox: its use, password, auto-reply, and the test of the password (MAIL-1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.modules.mail.forms import PasswordForm, ReplyForm, TestForm, UseForm
from products.modules.mail.models import Mailbox
from products.modules.mail.selectors import get_mailbox, list_routes_of
from products.modules.mail.services import (
    change_mailbox,
    change_mailbox_password,
    set_reply,
    try_mailbox_password,
)
from products.modules.mail.views.entering import form_page, own_product, refusals_shown

SEE, MANAGE = Permission.PRODUCTS_VIEW, Permission.PRODUCTS_MANAGE


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def mailbox(request: OrganizationRequest, product_id: int, mailbox_id: int) -> HttpResponse:
    """Show a mailbox with its addresses; change its room and who uses it."""
    product = own_product(request, product_id, to_manage=request.method == "POST")
    found = get_mailbox(product=product, mailbox_id=mailbox_id)
    if request.method == "POST":
        form = UseForm(request.POST)
        if form.is_valid():
            with refusals_shown(form):
                change_mailbox(mailbox=found, **form.cleaned_data, actor=request.actor, at=request.at)
                messages.success(request, _("The mailbox is changed."))
                return _back(found)
    else:
        form = UseForm(initial={name: getattr(found, name) for name in UseForm.base_fields})
    return form_page(request, "mailbox", product, form, mailbox=found, routes=list_routes_of(found))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def password(request: OrganizationRequest, product_id: int, mailbox_id: int) -> HttpResponse:
    """Give the mailbox another password."""
    product = own_product(request, product_id)
    found = get_mailbox(product=product, mailbox_id=mailbox_id)
    form = PasswordForm(posted(request))
    if form.is_valid():
        with refusals_shown(form):
            change_mailbox_password(mailbox=found, **form.cleaned_data, actor=request.actor, at=request.at)
            messages.success(request, _("The password is changed. It counts as soon as it is carried out."))
            return _back(found)
    return form_page(request, "password", product, form, mailbox=found)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def reply(request: OrganizationRequest, product_id: int, mailbox_id: int) -> HttpResponse:
    """Set the auto-reply of the mailbox, or switch it off."""
    product = own_product(request, product_id)
    found = get_mailbox(product=product, mailbox_id=mailbox_id)
    form = ReplyForm(request.POST) if request.method == "POST" else ReplyForm.of(found)
    if form.is_valid():
        with refusals_shown(form):
            wanted = form.reply()
            set_reply(mailbox=found, reply=wanted, actor=request.actor, at=request.at)
            messages.success(request, _("The auto-reply is set.") if wanted else _("The auto-reply is off."))
            return _back(found)
    return form_page(request, "reply", product, form, mailbox=found)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(SEE, POST=MANAGE)
def test(request: OrganizationRequest, product_id: int, mailbox_id: int) -> HttpResponse:
    """Say whether a password is the mailbox's."""
    product = own_product(request, product_id)
    found = get_mailbox(product=product, mailbox_id=mailbox_id)
    form = TestForm(posted(request))
    if form.is_valid():
        with refusals_shown(form, only="password"):
            is_right = try_mailbox_password(
                mailbox=found,
                **form.cleaned_data,
                user_id=request.user.pk,
                actor=request.actor,
                at=request.at,
            )
            if is_right:
                messages.success(request, _("Address and password fit together."))
                return _back(found)
            form.add_error("password", _("This is not the password of the mailbox."))
    return form_page(request, "test", product, form, mailbox=found)


def _back(mailbox: Mailbox) -> HttpResponse:
    return redirect(
        "products:mailbox",
        organization_id=mailbox.organization_id,
        product_id=mailbox.product_id,
        mailbox_id=mailbox.pk,
    )
