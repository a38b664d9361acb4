"""The operator's lists over all organizations: orders, and what is paid but not set up (PRD-4, PRD-7)."""
