"""Webhooks to an organization's own endpoints (API-6): signed, retried, with a log."""
