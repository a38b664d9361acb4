"""Money of a paid invoice given back to the means that it came from (BIL-14, PRD-5)."""
