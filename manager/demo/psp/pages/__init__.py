"""The hosted pages: payment page and dialogs. Plain HTML, no JavaScript, usable by keyboard alone."""

from manager.demo.psp.pages import checkout, dialogs
from manager.demo.psp.pages.layout import Page, not_found
from manager.demo.psp.sandbox import Call, Sandbox

__all__ = ["Page", "visit"]


def visit(sandbox: Sandbox, *, method: str, path: str, fields: dict[str, str]) -> Page:
    """Return the page for an address: `/pay/<checkout session>` or `/dialog/<intent>`."""
    name, _, identifier = path.strip("/").partition("/")
    call = Call(sandbox=sandbox)
    with sandbox.work():
        if name == "pay":
            return checkout.visit(call, identifier, method=method, fields=fields)
        if name == "dialog":
            return dialogs.visit(call, identifier, method=method, fields=fields)
    return not_found()
