"""NAS (PRD-13)."""
