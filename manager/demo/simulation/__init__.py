"""Years of a hosting company in minutes: random events by seed, by the real verbs on a real database."""
