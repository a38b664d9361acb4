"""Addresses outside of the members that get billing messages, in the demonstration: one agreed, one asked."""

from collections.abc import Mapping
from datetime import datetime

from accounts.users.models import User
from billing.receivers.secrets import confirm_key
from billing.receivers.services import accept_messages, add_receiver
from billing.receivers.status import Message
from manager.demo.data.organizations import acting
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization


def name_receivers(
    *, organizations: Mapping[str, Organization], users: Mapping[str, User], at: datetime
) -> None:
    """Let an accountant's office get the documents; the inbox of the scanner has not answered yet."""
    alpina, anna = organizations["alpina"], users["anna"]
    with tenant_scope(alpina.pk, anna.pk):
        office = add_receiver(
            organization=alpina,
            name="Treuhand Berner & Partner",
            email="alpina@treuhand-berner.example",
            language="de",
            messages=[Message.INVOICES, Message.BALANCE],
            actor=acting(anna),
            at=at,
        )
        accept_messages(
            receiver=office,
            secret=confirm_key(office).partition("-")[2],
            actor=Actor(ActorKind.VISITOR),
            at=at,
        )
        add_receiver(
            organization=alpina,
            name="Invoice scanner",
            email="scan@alpina.example",
            language="en",
            messages=list(Message.values),
            actor=acting(anna),
            at=at,
        )
