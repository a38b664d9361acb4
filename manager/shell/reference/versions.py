"""The routes that the OpenAPI document describes: version 1, with its number in the path."""

from django.urls import include, path

from manager.api_urls import operations

urlpatterns = [path("api/1/", include((operations, "api"), namespace="api-1"))]
