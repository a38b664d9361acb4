"""No query reaches an organization's row by an id alone (INC-3); the law is tried on planted violations."""

from pathlib import Path

import pytest
from django.apps import apps

from organizations.tenancy.models import OrganizationOwned
from tests.architecture.rules import offenders, python_files
from tests.architecture.scoping import unscoped_queries

TENANT_MODELS = frozenset(
    model.__name__ for model in apps.get_models() if issubclass(model, OrganizationOwned)
)
RELATIONS = frozenset(
    field.name
    for model in apps.get_models()
    if issubclass(model, OrganizationOwned)
    for field in model._meta.concrete_fields
    if field.related_model is not None and issubclass(field.related_model, OrganizationOwned)
)
# A person's own rows across organizations, which the database shows in the person's scope only.
OF_A_PERSON = {"organizations/access/memberships.py", "organizations/members/selectors/people.py"}


def sources() -> list[Path]:
    """Return the files under the law: the demonstration writes rows of its own tenants."""
    return [path for path in python_files() if "demo" not in path.parts]


class TestQueries:
    def test_name_the_organization_or_start_from_a_row(self):
        """INC-3"""
        found = offenders(sources(), lambda text: unscoped_queries(text, TENANT_MODELS, RELATIONS))
        assert {path: lines for path, lines in found.items() if path not in OF_A_PERSON} == {}

    def test_exceptions_are_still_needed(self):
        """The list of exceptions shrinks with the code."""
        found = offenders(sources(), lambda text: unscoped_queries(text, TENANT_MODELS, RELATIONS))
        assert found.keys() == OF_A_PERSON

    @pytest.mark.parametrize(
        "code",
        [
            "Invoice.objects.get(pk=invoice_id)",
            "Invoice.objects.filter(pk__in=ids)",
            "Invoice.objects.filter(pk=request.GET['invoice']).first()",
            "Invoice.objects.get(pk=event.payload['invoice'])",
            "Invoice.objects.filter(id=invoice)",
            "Invoice.objects.select_related('address').get(number=number)",
            "Invoice.objects.all()",
            "Invoice.objects.filter(status='open').exclude(organization_id=organization_id)",
            "found = Invoice.objects.filter(status='open')\n    return found.get(pk=invoice_id)",
            "record(organization_id=1, row=Invoice.objects.get(pk=invoice_id))",
        ],
    )
    def test_by_an_id_alone_are_found(self, code):
        """The law can fail."""
        text = f"def view(request, invoice_id):\n    {code}\n"
        assert unscoped_queries(text, TENANT_MODELS, RELATIONS) == ["2: Invoice.objects"]

    @pytest.mark.parametrize(
        "code",
        [
            "Invoice.objects.get(organization_id=organization_id, pk=invoice_id)",
            "Invoice.objects.filter(organization=organization).filter(pk__in=ids)",
            "Invoice.objects.using('system').filter(due_on__lte=day)",
            "Entry.objects.filter(journal=journal)",
            "Service.objects.filter(pk=service.pk, fence=1).update(state='done')",
            "Invoice.objects.filter(pk__in=[row.pk for row in rows])",
            "InvoiceLine.objects.filter(invoice=OuterRef('pk'))",
            "found = Invoice.objects.select_related('x')\n    return found.filter(organization_id=1)",
            "Prefetch('lines', queryset=InvoiceLine.objects.order_by('position'))",
            "User.objects.get(pk=user_id)",
        ],
    )
    def test_by_an_organization_or_a_row_pass(self, code):
        """The law is no stricter than that."""
        assert unscoped_queries(f"def find():\n    {code}\n", TENANT_MODELS, RELATIONS) == []
