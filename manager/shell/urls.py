"""Routes of the shell."""

from django.urls import include, path

app_name = "shell"

urlpatterns = [
    path("", include("manager.shell.home.urls")),
    path("", include("manager.shell.preferences.urls")),
    path("", include("manager.shell.health.urls")),
    path("", include("manager.shell.metrics.urls")),
    path("", include("manager.shell.search.urls")),
    path("", include("manager.shell.products.urls")),
    path("", include("manager.shell.brand.urls")),
    path("", include("manager.shell.staff.urls")),
]
