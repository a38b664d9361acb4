"""Money that is set aside for one invoice until the rest of it has come (BIL-3, BIL-17)."""
