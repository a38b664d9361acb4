"""Virtual servers: which system they run, and what they can be asked for (WIN-1)."""
