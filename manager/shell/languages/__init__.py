"""The catalogues in locale/: written, compiled and checked in Python, without the system's gettext."""
