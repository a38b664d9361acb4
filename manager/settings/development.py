"""Settings of `make run`: the demonstration on 127.0.0.1."""

import os

os.environ.setdefault("DEMONSTRATION", "1")
os.environ.setdefault("SECRET_KEY", "only-for-the-demonstration-on-this-machine-0123456789abcdef")

from manager.settings.base import *  # noqa: F403  (environments extend the base)

DEBUG = False
STYLEGUIDE = True
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
