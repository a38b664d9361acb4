"""The invoices of a product stand on its page (BIL-1, PRD-2)."""

from django.urls import reverse

from billing.invoices.models import Invoice
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from tests.billing.orders.pages import text_of
from tests.factories.billing import make_legal_entity, pay_invoice
from tests.factories.cast import client_of, grant, make_member, make_person, make_tenant
from tests.factories.orders import confirm_cart, fill_cart, reread_order
from tests.factories.products import make_plan, make_product


def page_of(client, product):
    return text_of(client.get(reverse("products:product", args=[product.organization_id, product.pk])))


def test_who_sees_the_billing_sees_the_invoices_of_a_product_and_no_other():
    """BIL-1: its own documents, newest first and five at most; nothing for who may not see the billing."""
    make_legal_entity()
    owner = make_person("Alice Meier")
    organization = make_tenant(owner)
    carla = make_member(organization, Role.COLLABORATOR, name="Carla Roth")
    grant(organization, carla, "view", family="web")
    plan = make_plan()
    fill_cart(organization, plan, name="Shop")
    order = reread_order(confirm_cart(organization), organization)
    pay_invoice(order.invoice)
    product = order.lines.all()[0].product
    other = make_product(organization, plan=plan, name="Blog")
    with tenant_scope(organization.pk):
        number = Invoice.objects.get().number
    assert number in page_of(client_of(owner), product)
    assert number not in page_of(client_of(owner), other)
    assert number not in page_of(client_of(carla), product)
