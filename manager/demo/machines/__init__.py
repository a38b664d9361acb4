"""Machines behind HTTP for the webhook driver: they remember what they are told, and call back."""
