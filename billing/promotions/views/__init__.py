"""Pages of promotions: an organization's own, and those of the back office."""
