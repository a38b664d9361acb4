"""Tasks: long work that somebody started, to be asked after while workers are at it (API-1)."""
