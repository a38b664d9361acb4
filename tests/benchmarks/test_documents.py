"""What a document costs: time beside an empty page, and memory over a thousand of them (BIL-4, BIL-18)."""

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

import psutil
import typst

from billing.documents.models import Document
from billing.documents.periodic import BATCH, drain_documents
from billing.documents.services import get_document
from billing.documents.typeset import FONTS
from billing.transfer.services import set_seller_account
from manager.kit.scope import tenant_scope
from tests.factories.billing import AT, make_invoice, make_legal_entity, make_line, pay_invoice
from tests.factories.cast import make_tenant

TRIES = 40
# An invoice with three lines and its data beside a page with one word.
MOST_TIMES = 15
DOCUMENTS = 1000
MOST_GROWTH = 30_000_000


def empty_page() -> float:
    """Return how long a page with one word takes, in seconds."""
    begun = time.perf_counter()
    typst.compile(b"word", ignore_system_fonts=True, font_paths=[str(FONTS)], format="pdf")
    return time.perf_counter() - begun


def test_median_document(record_property: Callable[[str, object], None]) -> None:
    """BIL-4: invoice, PDF/A, PDF/UA and Factur-X; medians of one run, interleaved."""
    set_seller_account(
        legal_entity=make_legal_entity(), currency="CHF", iban="CH9300762011623852957", bank_name="Bank"
    )
    organization = make_tenant()
    documents, pages = [], []
    for _ in range(TRIES):
        invoice = pay_invoice(make_invoice(organization, [make_line(), make_line(), make_line()]))
        pages.append(empty_page())
        with tenant_scope(organization.pk):
            begun = time.perf_counter()
            get_document(invoice=invoice, at=AT)
            documents.append(time.perf_counter() - begun)
    figures = {
        "document_ms": round(median(documents) * 1000, 1),
        "empty_page_ms": round(median(pages) * 1000, 1),
        "times": round(median(documents) / median(pages), 2),
    }
    for name, value in figures.items():
        record_property(name, value)
    print(figures)
    assert figures["times"] < MOST_TIMES


def test_thousand_documents_by_the_worker(record_property: Callable[[str, object], None]) -> None:
    """BIL-4: what the first half left in memory, the second half uses again."""
    make_legal_entity()
    organization = make_tenant()
    for number in range(DOCUMENTS):
        pay_invoice(make_invoice(organization, [make_line(description=f"Domain example-{number}.ch")]))
    process = psutil.Process()
    sizes, begun = [process.memory_info().rss], time.perf_counter()
    for round_ in range(DOCUMENTS // BATCH):
        assert drain_documents(at=AT + timedelta(minutes=round_)) == BATCH
        sizes.append(process.memory_info().rss)
    figures = {
        "rss_mb": [size // 1_000_000 for size in sizes],
        "documents_per_second": round(DOCUMENTS / (time.perf_counter() - begun), 1),
    }
    for name, value in figures.items():
        record_property(name, value)
    print(figures)
    assert Document.objects.using("system").count() == DOCUMENTS
    assert sizes[-1] - sizes[-2] < MOST_GROWTH
