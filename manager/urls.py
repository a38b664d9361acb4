"""The routes of the whole panel."""

from django.conf import settings
from django.urls import include, path

# The first that fits is taken, and each before it is tried: machines ask most, then people for products.
urlpatterns = [
    path("api/", include("manager.api_urls")),
    path("", include("products.urls")),
    path("", include("manager.shell.urls")),
    path("", include("organizations.urls")),
    path("", include("billing.urls")),
    path("", include("accounts.urls")),
]

if settings.STYLEGUIDE:
    urlpatterns += [path("styleguide/", include("manager.shell.styleguide.urls"))]
if settings.DEMONSTRATION:
    urlpatterns += [path("", include("manager.demo.urls"))]

handler400 = "manager.shell.errors.bad_request"
handler403 = "manager.shell.errors.permission_denied"
handler404 = "manager.shell.errors.page_not_found"
handler500 = "manager.shell.errors.server_error"
