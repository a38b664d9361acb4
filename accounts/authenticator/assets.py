"""What the app on the phone consists of, so that its worker keeps all of it for times without a network."""

from django.conf import settings
from django.templatetags.static import static

STYLES = (
    "css/tokens.css",
    "css/reset.css",
    "css/base.css",
    "css/components/avatar.css",
    "css/components/button.css",
    "css/components/field.css",
    "css/components/icon.css",
    "css/utilities.css",
    "css/authenticator/layout.css",
    "css/authenticator/account.css",
    "css/authenticator/request.css",
)
ENTRY_POINTS = ("css/authenticator.css", "js/authenticator/app.js")
MODULES = (
    "js/authenticator/account-card.js",
    "js/authenticator/accounts.js",
    "js/authenticator/codes.js",
    "js/authenticator/installing.js",
    "js/authenticator/keys.js",
    "js/authenticator/linking.js",
    "js/authenticator/panel.js",
    "js/authenticator/requests.js",
    "js/authenticator/store.js",
    "js/authenticator/views.js",
)
PICTURES = (
    "icons/authenticator.svg",
    "icons/authenticator-192.png",
    "icons/authenticator-512.png",
    "fonts/inter-latin.woff2",
    "fonts/inter-latin-ext.woff2",
)


def list_assets() -> list[str]:
    """Return the addresses of all files of the app, as its page and their own imports name them."""
    named = [static(name) for name in (*ENTRY_POINTS, *STYLES, *PICTURES)]
    # Modules import each other by their plain names.
    return [*named, *(settings.STATIC_URL + name for name in MODULES)]
