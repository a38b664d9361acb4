"""Pages of DynDNS names, and the address to which devices speak."""
