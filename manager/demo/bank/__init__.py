"""A bank for the demonstration and the tests: it writes the statements that a real one would send."""
