"""Settings of the test suite: real services on loopback, quick password hashing, static files unhashed."""

import os

os.environ.setdefault("DEMONSTRATION", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz-0123456789")
for _role in ("WEB", "WORKER", "SYSTEM"):
    os.environ.setdefault(f"DATABASE_{_role}_PASSWORD", "test")
os.environ.setdefault("DATABASE_URL", "postgresql://manager_owner:test@127.0.0.1:1/manager")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")
os.environ.setdefault("FILES_KEYS", "only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz")
os.environ.setdefault("STRIPE_API_KEY", "sk_test_sandbox")
os.environ.setdefault("STRIPE_WEBHOOK_SECRET", "whsec_test")
# Nothing listens there: tests that ask a register start one of their own.
os.environ.setdefault("VIES_API_BASE", "http://127.0.0.1:1")
# Charges one after the other, and as fast as they come; what is tested about the pace sets its own.
os.environ.setdefault("CHARGES_AT_ONCE", "1")
os.environ.setdefault("CHARGES_PER_SECOND", "*=10000")
# What a failed test shows is to be short enough to be read.
os.environ.setdefault("LOG_LEVEL", "WARNING")

from manager.settings.base import *  # noqa: E402, F403  (environments extend the base)

STYLEGUIDE = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["accounts.users.passwords.QuickArgon2Hasher"]
# `make check` reads the migrations with it.
INSTALLED_APPS += ["django_migration_linter"]
