"""Pages of members and invitations."""
