"""Theme and language, of visitors and of people (ACC-3, UI-5)."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.cast import client_of, make_person


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_keeps_a_visitors_theme(client, theme):
    """UI-5: in a cookie that scripts cannot read."""
    answer = client.post(reverse("shell:theme"), {"theme": theme, "next": reverse("accounts:sign_in")})
    assert answer.url == reverse("accounts:sign_in")
    assert answer.cookies["theme"]["httponly"]
    assert f'data-theme="{theme}"' in client.get(reverse("accounts:sign_in")).content.decode()


def test_keeps_a_persons_theme_and_language_on_every_device():
    """ACC-3: in the profile."""
    user = make_person()
    client_of(user).post(reverse("shell:theme"), {"theme": "dark", "next": "/"})
    client_of(user).post(reverse("shell:language"), {"language": "de", "next": "/"})
    user.refresh_from_db()
    assert (user.theme, user.language) == ("dark", "de")
    text = client_of(user).get(reverse("organizations:mine")).content.decode()
    assert 'data-theme="dark"' in text
    assert 'lang="de"' in text


def test_speaks_a_visitors_language(client):
    """Languages: the browser's wish, and then the choice."""
    sign_in = reverse("accounts:sign_in")
    assert 'lang="fr"' in client.get(sign_in, headers={"accept-language": "fr-CH"}).content.decode()
    client.post(reverse("shell:language"), {"language": "it", "next": sign_in})
    assert 'lang="it"' in client.get(sign_in, headers={"accept-language": "fr-CH"}).content.decode()


@pytest.mark.parametrize("name", ["theme", "language"])
@pytest.mark.parametrize("value", ["", "pink", "xx", "\x00", "x" * 9000, "en; path=/"])
def test_ignores_what_it_does_not_know(client, name, value):
    """Invalid input changes nothing."""
    user = make_person()
    page = client_of(user)
    assert page.post(reverse(f"shell:{name}"), {name: value, "next": "/"}).status_code == 302
    before = (user.theme, user.language)
    user.refresh_from_db()
    assert (user.theme, user.language) == before


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil", "", "\x00"],
)
def test_leads_back_only_within_the_panel(client, target):
    """INC: no open redirect."""
    answer = client.post(reverse("shell:theme"), {"theme": "dark", "next": target})
    assert answer.url == "/"


def test_asks_for_the_forms_protection():
    """A foreign site cannot switch anything."""
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("shell:theme"), {"theme": "dark"}).status_code == 403


@pytest.mark.parametrize("name", ["theme", "language"])
def test_takes_posts_only(client, name):
    """A link changes nothing."""
    assert client.get(reverse(f"shell:{name}")).status_code == 405
