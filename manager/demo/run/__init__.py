"""`make run`: the whole panel on this machine, its processes watched and ended together."""
