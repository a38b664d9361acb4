"""A bare Django on the same database and the same server: nothing but the two lists of `bare_urls`."""

from manager.settings.production import *  # noqa: F403  (environments extend the base)

ROOT_URLCONF = "tests.benchmarks.served.bare_urls"
MIDDLEWARE = []
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
