"""Who has which right, by the letters of the members."""

EVERYBODY = ("LR", "LR+", "A", "A+", "C", "C+", "E", "E+")
RIGHTS: dict[str, tuple[str, ...]] = {
    "view": EVERYBODY,
    "lead": ("LR", "LR+", "A", "A+"),
    "see members": ("LR", "LR+", "A", "A+", "C", "C+"),
    "products": EVERYBODY,
    "bill": ("LR+", "A+", "C+", "E+"),
}

READ = "GET"
WRITE = "POST"
