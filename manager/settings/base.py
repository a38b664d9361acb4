"""Settings shared by every environment; what differs comes from environment variables."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from manager.settings import environment as env
from manager.settings import push
from manager.settings.money import *  # noqa: F403  (payments, the bank, terms)
from manager.settings.oauth import *  # noqa: F403  (the models that stand in for the library's)
from manager.settings.oauth import oauth2_provider
from manager.settings.rest import *  # noqa: F403  (the settings of the API)

BASE_DIR = env.BASE_DIR
DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost")
# Links in mails and redirects to the payment provider come from here, never from a request's headers.
PUBLIC_BASE_URL = env.text("PUBLIC_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
DATA_DIR = env.BASE_DIR / env.text("DATA_DIR", ".local")
# Keys of what is encrypted at rest (manager.kit.encryption): the first encrypts, all decrypt.
FILES_KEYS = env.words("FILES_KEYS")
# Web Push of the authenticator: our key, and the services that may be called.
PUSH_PRIVATE_KEY = env.text("PUSH_PRIVATE_KEY", "")
PUSH_SERVICES = env.words("PUSH_SERVICES") or push.SERVICES

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp_webauthn",
    "oauth2_provider",
    "axes",
    "pgtrigger",
    "django_celery_beat",
    "django_cotton.apps.SimpleAppConfig",
    "django_countries",
    "django_htmx",
    "lucide",
    "csp",
    "manager.outbox",
    "accounts",
    "organizations",
    "products",
    "billing",
    "manager.shell",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "manager.shell.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sessions.middleware.SignedIn",
    "django_otp.middleware.OTPMiddleware",
    "manager.shell.middleware.PersonPreferences",
    "accounts.security.middleware.TemporaryLogin",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "manager.shell.middleware.DomainErrors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "manager.urls"
WSGI_APPLICATION = "manager.wsgi.application"
ASGI_APPLICATION = "manager.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "manager.shell.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "manager.shell.context.shell",
            ],
        },
    }
]
COTTON_DIR = "components"
# A component sees what it is given and what every page has, never the variables of the page around it.
COTTON_ISOLATE_BY_DEFAULT = True

# Roles of the database. None of the four is a superuser; only the owner owns tables.
DATABASE_URL = env.text("DATABASE_URL")
DATABASE_ROLE = env.text("DATABASE_ROLE", "web")
DATABASES = {
    "default": env.database(
        DATABASE_URL,
        user=f"manager_{DATABASE_ROLE}",
        password=env.text(f"DATABASE_{DATABASE_ROLE.upper()}_PASSWORD"),
    ),
    "system": env.database(
        DATABASE_URL, user="manager_system", password=env.text("DATABASE_SYSTEM_PASSWORD")
    ),
    "owner": env.database(DATABASE_URL),
}
DATABASE_ROUTERS = ["manager.settings.router.OwnerMigrates"]

REDIS_URL = env.text("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_BEAT_SCHEDULE = {"tick": {"task": "manager.tick", "schedule": 60.0, "options": {"expires": 55}}}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TASK_DEFAULT_QUEUE = env.text("CELERY_QUEUE", "manager")

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.users.passwords.StrengthValidator"}]
LOGIN_URL = "accounts:sign_in"
SESSION_ENGINE = "accounts.sessions.store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "manager.shell.errors.csrf_failure"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_VERBOSE = False
# The name under which the sign-in page gives the login to the authentication backends.
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "accounts.sessions.lockout.answer_locked"
OTP_TOTP_ISSUER = "Manager"
# Failures are counted for each person and device (accounts.mfa.attempts); a lock of the app's own that
# doubles with each failure would shut out its owner for days.
OTP_TOTP_THROTTLE_FACTOR = 0
# Passkeys belong to the public address; 127.0.0.1, which cannot have any, is called localhost.
OTP_WEBAUTHN_RP_ID, OTP_WEBAUTHN_ALLOWED_ORIGINS = env.passkey_site(PUBLIC_BASE_URL)
OTP_WEBAUTHN_TIMEOUT_SECONDS = 300
# A panel under a plain address or number runs as well, only without passkeys (sessions.passkey_hosts).
SILENCED_SYSTEM_CHECKS = ["otp_webauthn.E031"]

OAUTH2_PROVIDER = oauth2_provider(PUBLIC_BASE_URL)

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("de", _("German")),
    ("it", _("Italian")),
    ("es", _("Spanish")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "manager.shell.formats"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# Security: no inline script or style; no third party; no frame.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Files of a form are held in memory; of a larger form none reaches the page, and nothing is written to disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 25_000_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'", *env.words("CSP_FORM_ACTION")],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-src": ["'self'"],
    }
}

# Mail is stored first and sent by the worker (manager.outbox.mails).
for _name, _value in env.email(env.text("EMAIL_URL", "inbox://")).items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Manager <no-reply@manager.example>")

# The operator and its look
BRAND_NAME = env.text("BRAND_NAME", "Manager")
OTP_WEBAUTHN_RP_NAME = BRAND_NAME
BRAND_ACCENT = env.text("BRAND_ACCENT", "#3056d3")
# What Prometheus sends to read /metrics/; without one nothing is there.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
SUPPORT_EMAIL = env.text("SUPPORT_EMAIL", "support@manager.example")
DEMONSTRATION = env.flag("DEMONSTRATION")
if DEMONSTRATION:
    INSTALLED_APPS += ["manager.demo"]

# Who sends text messages (manager.outbox.sms); until the operator names a provider, nobody does.
_NO_SMS = "manager.outbox.sms.RefusingSender"
SMS_SENDER = env.text("SMS_SENDER", "") or (
    "manager.demo.inbox.sms.InboxSender" if DEMONSTRATION else _NO_SMS
)

# Registers of VAT numbers (organizations.profile.vat_checks): of the European Union, by prefix elsewhere
VIES_API_BASE = env.text("VIES_API_BASE", "https://ec.europa.eu/taxation_customs/vies/rest-api").rstrip("/")
UID_API_BASE = env.text("UID_API_BASE", "")
VAT_REGISTERS = {"EU": "organizations.profile.vies.ViesRegister"}
if UID_API_BASE:
    VAT_REGISTERS["CH"] = "organizations.profile.uid.UidRegister"

# Services: drivers by name, and which of them sets up plans of a kind ("*": all others)
PROVISIONING_DRIVERS: dict[str, Any] = {"local": "products.provisioning.local.LocalDriver"}
if url := env.text("PROVISIONING_WEBHOOK_URL", ""):
    PROVISIONING_DRIVERS["webhook"] = {
        "driver": "products.provisioning.webhook.WebhookDriver",
        "url": url,
        "secrets": env.words("PROVISIONING_WEBHOOK_SECRETS"),
        "actions": env.words("PROVISIONING_WEBHOOK_ACTIONS"),
    }
PROVISIONING_KINDS = {"*": "local", **env.pairs("PROVISIONING_KINDS")}

# Webhooks to customers' endpoints (organizations.webhooks): the ports they may have, whether an address
# of this machine is one, also by http. The latter is for the demonstration and the tests alone.
WEBHOOK_PORTS = frozenset(int(port) for port in env.words("WEBHOOK_PORTS", "443,8443"))
WEBHOOKS_TO_LOOPBACK = env.flag("WEBHOOKS_TO_LOOPBACK") or DEMONSTRATION

# Domains: our name servers, and to where a new domain's zone leads
NAME_SERVERS = env.words("NAME_SERVERS", "ns1.manager.example,ns2.manager.example")
ZONE_ADDRESSES = env.words("ZONE_ADDRESSES", "192.0.2.80,2001:db8::80")
ZONE_MAIL_SERVER = env.text("ZONE_MAIL_SERVER", "mail.manager.example")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"stripe": {"level": "WARNING"}},
}
