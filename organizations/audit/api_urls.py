"""API routes of the audit log."""

from django.urls import path

from organizations.audit import api

urlpatterns = [
    path("organizations/<organization>/audit", api.AuditList.as_view(), name="audit"),
    path("organizations/<organization>/audit/chain", api.AuditChain.as_view(), name="audit_chain"),
]
