"""Orders that are held until somebody has looked at who ordered (PRD-5)."""
