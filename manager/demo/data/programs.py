"""Programs of the demonstration: tokens, an application that may act for somebody, and a service."""

from datetime import datetime, timedelta

from accounts.applications.models import ApplicationKind
from accounts.applications.services import authorize_application, register_application
from accounts.tokens.services import create_token
from accounts.users.models import User
from manager.demo.data.organizations import acting
from manager.kit.scope import person_scope
from organizations.profile.models import Organization


def bring_programs(*, organizations: dict[str, Organization], users: dict[str, User], at: datetime) -> None:
    """Give Anna two tokens, one of which expires soon; Luc's application may act for her in Alpina."""
    anna, luc, alpina = users["anna"], users["luc"], organizations["alpina"]
    with person_scope(luc.pk):
        books, _secret = register_application(
            user=luc,
            name="Bookkeeping link",
            kind=ApplicationKind.WEB,
            redirect_addresses=["https://books.example/back", "http://127.0.0.1:9000/back"],
            scopes=["billing:read", "organizations:read"],
            organization_id=None,
            actor=acting(luc),
            at=at,
        )
        register_application(
            user=luc,
            name="Nightly domain report",
            kind=ApplicationKind.SERVICE,
            redirect_addresses=[],
            scopes=["products:read"],
            organization_id=alpina.pk,
            actor=acting(luc),
            at=at,
        )
    with person_scope(anna.pk):
        for name, days, scopes in (
            ("Monitoring", 300, ["products:read"]),
            ("Old reporting script", 10, ["billing:read", "products:read"]),
        ):
            create_token(
                user=anna,
                name=name,
                scopes=scopes,
                organization_id=alpina.pk,
                expires_at=at + timedelta(days=days),
                actor=acting(anna),
                at=at,
            )
        authorize_application(
            user=anna,
            application=books,
            scopes=["billing:read"],
            organization_id=alpina.pk,
            actor=acting(anna),
            at=at,
        )
