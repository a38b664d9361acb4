"""The mail service: mailboxes of a domain, aliases, redirections, auto-replies (MAIL-1, MAIL-2)."""
