"""Statements of the operator's bank: read, kept once, matched with invoices and top-ups, booked (BIL-17)."""
