"""Ask the pages of products."""

from django.test import Client

from organizations.profile.models import Organization


def products_url(organization: Organization, path: str = "") -> str:
    return f"/o/{organization.pk}/products/{path}"


def names_on(html: str, names: list[str]) -> list[str]:
    """Return those of `names` that the list shows, in its order."""
    return sorted(
        (name for name in names if f">{name}</a>" in html), key=lambda name: html.index(f">{name}</a>")
    )


def get(client: Client, url: str, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()
