"""A register of VAT numbers for the demonstration and the tests, with the interface of VIES."""
