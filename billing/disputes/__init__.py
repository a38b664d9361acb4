"""Disputes: a payment that its payer's bank takes back while it is looked into (BIL-14)."""
