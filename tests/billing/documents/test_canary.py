"""A document never fetches what people write into it (INC-28)."""

import io
import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pypdf import PdfReader

from billing.documents.receipt import render_invoice_receipt
from billing.documents.reminder import render_reminder
from billing.documents.services import get_document, render_pro_forma
from billing.profiles.selectors import default_address
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from organizations.profile.services import edit_organization
from tests.factories.billing import AT, make_invoice, make_line, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.members import actor_of, first_representative

SECRET = "only-this-file-knows"
MARKUP = (
    '<img src="{url}">',
    "<style>@import url({url});</style>",
    '<link rel="attachment" href="{url}">',
    "<svg><image href='{url}'/></svg>",
    "url({url})",
    '#image("{url}")',
    '#read("{file}")',
    '#include "{file}"',
    "file://{file}",
    '<object data="file://{file}">',
)


class Canary(socketserver.ThreadingTCPServer):
    """Counts who comes."""

    daemon_threads = True
    hits = 0

    def finish_request(self, request: object, client_address: object) -> None:
        self.hits += 1


@pytest.fixture
def canary() -> Iterator[Canary]:
    with Canary(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("markup", MARKUP)
def test_names_addresses_and_notes_are_text(canary: Canary, tmp_path, markup: str) -> None:  # type: ignore[no-untyped-def]
    """INC-28: by way of the organization's own sheet; the canary is not visited, the file not read."""
    secret = tmp_path / "s"
    secret.write_text(SECRET)
    text = markup.format(url=f"http://127.0.0.1:{canary.server_address[1]}/x.png", file=secret)[:80]
    organization: Organization = make_tenant(name="Example AG")
    organization = edit_organization(
        organization=organization,
        values={"name": text, "street": text, "city": text, "postal_code": "8001"},
        actor=actor_of(first_representative(organization).user),
        at=AT,
    )
    with tenant_scope(organization.pk):
        address = default_address(organization=organization)
    invoice = make_invoice(organization, [make_line(description=text)], address=address)
    with tenant_scope(organization.pk):
        files = [render_pro_forma(invoice=invoice, at=AT)]
        reminder = render_reminder(organization=organization, at=AT + timedelta(days=60))
    invoice = pay_invoice(invoice, paid_with=text)
    with tenant_scope(organization.pk):
        files.append(bytes(get_document(invoice=invoice, at=AT).content))
        files.append(render_invoice_receipt(invoice=invoice, at=AT))
    assert SECRET.encode() not in reminder
    for file in files:
        pages = PdfReader(io.BytesIO(file))
        printed = "".join("".join(page.extract_text() for page in pages.pages).split())
        assert printed.count("".join(text.split())) >= 3
        assert SECRET not in printed
        assert SECRET.encode() not in file
    assert canary.hits == 0
