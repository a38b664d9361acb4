"""Say in a PDF's own description that it carries a Factur-X invoice, which the typesetter cannot (BIL-18).

The description is replaced by an incremental update: nothing of the file is rewritten, a newer version of one
object and its place in the table of objects are added after its end, as PDF and PDF/A provide for.
"""

import re

from billing.documents.einvoice import NAME

SPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
PROPERTIES = {
    "DocumentFileName": (NAME, "The name of the embedded XML document"),
    "DocumentType": ("INVOICE", "The type of the hybrid document"),
    "Version": ("1.0", "The version of the standard of the embedded XML document"),
    "ConformanceLevel": ("EN 16931", "The conformance level of the embedded XML document"),
}
SCHEMAS = "<pdfaExtension:schemas><rdf:Bag>"
ENTRY_BYTES = 20


def describe_einvoice(pdf: bytes) -> bytes:
    """Return `pdf`, made by the typesetter, with the description of its Factur-X invoice.

    :raises ValueError: it is none that the typesetter makes.
    """
    offsets, trailer, table_at = _read_table(pdf)
    root = _read_object(pdf, offsets, _reference(trailer, b"Root"))
    number = _reference(root, b"Metadata")
    packet = _read_stream(pdf, offsets, number).decode()
    body = _described(packet).encode()
    at = len(pdf) + 1
    newer = b"%d 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n%b\nendstream\nendobj\n" % (
        number,
        len(body),
        body,
    )
    rest = trailer.strip().removesuffix(b">>")
    return b"%b\n%bxref\n%d 1\n%010d 00000 n\r\ntrailer\n%b/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (
        pdf,
        newer,
        number,
        at,
        rest,
        table_at,
        at + len(newer),
    )


def _described(packet: str) -> str:
    values = "".join(f"<fx:{name}>{value}</fx:{name}>" for name, (value, _about) in PROPERTIES.items())
    said = f'<rdf:Description rdf:about="" xmlns:fx="{SPACE}">{values}</rdf:Description></rdf:RDF>'
    packet = packet.replace("</rdf:RDF>", said, 1)
    return packet.replace(SCHEMAS, SCHEMAS + _schema(), 1)


def _schema() -> str:
    """Return what PDF/A wants to know about properties that it does not define."""
    properties = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{about}</pdfaProperty:description></rdf:li>"
        for name, (_value, about) in PROPERTIES.items()
    )
    return (
        '<rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{SPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _read_table(pdf: bytes) -> tuple[dict[int, int], bytes, int]:
    """Return where each object begins, the trailer, and where the table of objects begins."""
    end = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", pdf[-64:])
    table_at = int(end[1]) if end else -1
    head = re.match(rb"xref\n0 (\d+)\n", pdf[table_at : table_at + 32]) if end else None
    if head is None:
        raise ValueError("This file has no plain table of objects.")
    first = table_at + head.end()
    count = int(head[1])
    offsets = {
        number: int(pdf[first + number * ENTRY_BYTES : first + number * ENTRY_BYTES + 10])
        for number in range(count)
    }
    after = pdf[first + count * ENTRY_BYTES :]
    return offsets, after.removeprefix(b"trailer\n").partition(b"startxref")[0], table_at


def _read_object(pdf: bytes, offsets: dict[int, int], number: int) -> bytes:
    return pdf[offsets[number] :].partition(b"endobj")[0]


def _read_stream(pdf: bytes, offsets: dict[int, int], number: int) -> bytes:
    head, _mark, body = pdf[offsets[number] :].partition(b"stream\n")
    length = re.search(rb"/Length (\d+)", head)
    if length is None:
        raise ValueError("The description has no length.")
    return body[: int(length[1])]


def _reference(text: bytes, name: bytes) -> int:
    found = re.search(rb"/%b (\d+) 0 R" % name, text)
    if found is None:
        raise ValueError(f"There is no {name.decode()}.")
    return int(found[1])
