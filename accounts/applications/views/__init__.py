"""Pages of applications: the question to the person, what was allowed, and a developer's own."""
