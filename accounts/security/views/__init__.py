"""Pages of a person's security."""
