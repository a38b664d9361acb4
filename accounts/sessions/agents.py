"""Which browser and system a user agent names; enough for a person to recognize a device."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python-requests/", "python-requests"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def name_browser(agent: str) -> str:
    """Return the browser's name, or an empty text for one that we do not know."""
    return next((name for mark, name in BROWSERS if mark in agent), "")


def name_system(agent: str) -> str:
    """Return the system's name, or an empty text for one that we do not know."""
    return next((name for mark, name in SYSTEMS if mark in agent), "")
