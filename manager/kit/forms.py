"""What forms of every floor share: the line above a list, and refusals beside their field."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, Text
from manager.kit.fields import refuse_control_characters


class FilterInvalid(DomainError):
    """A filter of the list has a value that it does not know."""

    code = "filter_invalid"
    status = 400
    message = _("This filter is not known. Please start from the whole list.")


class ListFilter(forms.Form):
    """The line above a list; its data are the address' query, with the cursors of the pages beside it."""

    after = forms.CharField(required=False, max_length=1000)
    before = forms.CharField(required=False, max_length=1000)

    def checked(self) -> dict[str, str]:
        """Return the filters as given.

        :raises FilterInvalid: one of them is not offered.
        """
        if not self.is_valid():
            name, messages = next(iter(self.errors.items()))
            raise FilterInvalid(str(messages[0]), field=name)
        return self.cleaned_data


class StateFilter(forms.Form):
    """A part of the words and one of the `states`, above a list; what it does not know it leaves out.

    `every` is what all states are called together.
    """

    q = forms.CharField(required=False, max_length=100, validators=[refuse_control_characters])
    status = forms.ChoiceField(required=False)

    def __init__(self, query: QueryDict, *, states: Sequence[tuple[str, Text]], every: Text) -> None:
        super().__init__(query)
        self.statuses = [("", every), *states]
        self.fields["status"].choices = self.statuses  # type: ignore[attr-defined]  # a field of choices
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        """Return what to list, as selectors take it."""
        return {"search": self.cleaned_data.get("q", ""), "status": self.cleaned_data.get("status", "")}

    @property
    def shown(self) -> dict[str, Any]:
        """Return what the line shows."""
        return {"q": self.wanted["search"], "status": self.wanted["status"], "statuses": self.statuses}


@contextmanager
def refusals_beside_fields(form: forms.Form) -> Iterator[None]:
    """Show a refusal of the verb inside beside the field that it names; after it the form is shown again."""
    try:
        yield
    except DomainError as refused:
        form.add_error(refused.field, str(refused))


def form_page(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """Return the page of a form: 422 where it was sent and is shown again."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)
