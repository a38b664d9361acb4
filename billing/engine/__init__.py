"""The engine that plans renewals in sets: many organizations and hundreds of products in a transaction."""
