"""REST operations on the files of a period."""

from django.urls import path

from billing.archives import api

OWN = "organizations/<organization>/invoice-archives"

urlpatterns = [
    path(OWN, api.Archives.as_view(), name="archives"),
    path(f"{OWN}/<int:archive_id>", api.ArchiveDetail.as_view(), name="archive"),
    path(f"{OWN}/<int:archive_id>/file", api.ArchiveFile.as_view(), name="archive_file"),
]
