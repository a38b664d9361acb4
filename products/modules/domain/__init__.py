"""Domains: contacts, name servers, the DNS zone, transfer (PRD-11, PRD-12)."""
