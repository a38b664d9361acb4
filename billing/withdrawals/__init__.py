"""Balance of the prepaid account that is paid out to a bank account or to PayPal (BIL-7)."""
