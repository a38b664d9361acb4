"""Pages of identity checks: of visitors and their phones, of signed-in people, of the staff."""
