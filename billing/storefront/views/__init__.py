"""Pages of the shop for visitors, and how their cart becomes an organization's."""
