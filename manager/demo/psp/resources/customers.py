"""Customers: one per organization of the panel."""

import time
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.resources.listing import listed
from manager.demo.psp.sandbox import Call, new_id

CREATE = ("name", "email", "phone", "description", "preferred_locales", "metadata.*")


def create(call: Call) -> Thing:
    """Make a customer."""
    return call.store.put(
        {
            "id": new_id("cus"),
            "object": "customer",
            "created": int(time.time()),
            "livemode": False,
            "name": call.text("name") or None,
            "email": call.text("email") or None,
            "phone": call.text("phone") or None,
            "description": call.text("description") or None,
            "address": None,
            "preferred_locales": call.choices("preferred_locales"),
            "metadata": call.metadata(),
            "balance": 0,
            "currency": None,
            "default_source": None,
            "delinquent": False,
            "invoice_settings": {"default_payment_method": None},
            "shipping": None,
        }
    )


def retrieve(call: Call) -> Thing:
    """Return a customer."""
    return call.thing("customer")


def update(call: Call) -> Thing:
    """Change name, e-mail, languages or metadata."""
    customer = call.thing("customer")
    for name in ("name", "email", "phone", "description"):
        if name in call.params:
            customer[name] = call.text(name) or None
    if "preferred_locales" in call.params:
        customer["preferred_locales"] = call.choices("preferred_locales")
    customer["metadata"].update(call.metadata())
    return call.store.put(customer)


def list_all(call: Call) -> dict[str, Any]:
    """Return customers, by e-mail if asked."""
    email = call.text("email")
    return listed(call, "customer", "/v1/customers", keep=lambda thing: not email or thing["email"] == email)
