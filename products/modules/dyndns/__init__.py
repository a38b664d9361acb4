"""DynDNS: devices tell the address at which a name of a domain is found (PRD-12)."""
