"""One settings module for every installation; the environment tells them apart.

Without SECRET_KEY the installation is *embedded*: SQLite, a broker without a server, a key
generated into DATA_DIR, demo data allowed. With SECRET_KEY it is a production one and has to
name its hosts and its address.
"""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import broker, databases, env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
RELEASE = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]

EMBEDDED = not env.secret("SECRET_KEY")
SECRET_KEY = env.secret("SECRET_KEY") or env.generated_key(DATA_DIR)
DEBUG = env.boolean("DEBUG", default=False)
PORT = env.integer("PORT", default=8000)
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if EMBEDDED else [])
if not EMBEDDED and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this installation")
if not EMBEDDED and not env.text("SITE_URL"):
    raise ImproperlyConfigured("SITE_URL must be the address that people open, e.g. in messages")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# What seals the addresses and keys of robots; without them the embedded one derives its own.
CHANNEL_KEYS = env.keys("CHANNEL_KEYS")
# What Prometheus has to say to be told of this installation; without it nothing is counted.
METRICS_TOKEN = env.secret("METRICS_TOKEN")
METRICS_FOLDER = DATA_DIR / "metrics"
# Where errors are told of, in Sentry's protocol; without it nobody is told (organization.reports).
ERROR_DSN = env.dsn("ERROR_DSN")
# Where traces go, by OpenTelemetry's own names; without it nothing is traced (organization.spans).
TRACES_ENDPOINT = env.server("OTEL_EXPORTER_OTLP_ENDPOINT")
TRACES_HEADERS = env.secret("OTEL_EXPORTER_OTLP_HEADERS")
# For how many days each is kept (docs/privacy.md).
HISTORY_ADDRESS_DAYS = env.integer("HISTORY_ADDRESS_DAYS", default=180)
MAIL_ANSWER_DAYS = env.integer("MAIL_ANSWER_DAYS", default=90)
UPLOAD_DAYS = env.integer("UPLOAD_DAYS", default=30)
# What seals results and everything that they are made of (organization.seals).
EVIDENCE_KEYS = env.keys("EVIDENCE_KEYS")
if not EMBEDDED and not EVIDENCE_KEYS:
    raise ImproperlyConfigured("EVIDENCE_KEYS must hold a key that seals results")
# What encrypts backups (portal.backup); only who makes or restores one needs it.
BACKUP_KEYS = env.keys("BACKUP_KEYS")
DEMO_PASSWORD = env.text("DEMO_PASSWORD", "pinzhi-demo")
DEMO_PASSWORD_IS_DEFAULT = not env.text("DEMO_PASSWORD")

INSTALLED_APPS = [
    "modeltranslation",
    "portal",
    "rewards",
    "inspections",
    "scoring",
    "campaign",
    "organization",
    "import_export",
    "crispy_forms",
    "crispy_bootstrap5",
    "rules",
    "csp",
    "organization.admin_site.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "organization.tracing.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "organization.compression.CompressedTextMiddleware",
    "organization.middleware.WithoutNulMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "organization.middleware.PermissionsPolicyMiddleware",
    "organization.maintenance.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organization.middleware.OriginMiddleware",
    "organization.middleware.LanguageMiddleware",
    "organization.middleware.SignedInMiddleware",
    "organization.middleware.SamePersonMiddleware",
    "organization.middleware.SecondStepMiddleware",
    "organization.middleware.FirstPasswordMiddleware",
    "organization.middleware.SeenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "organization.middleware.LookingMiddleware",
]
if TRACES_ENDPOINT:
    MIDDLEWARE.insert(1, "organization.spans.SpansMiddleware")
if METRICS_TOKEN:
    MIDDLEWARE.insert(1, "organization.metrics.MetricsMiddleware")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.shell.context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "organization.templatetags.ui",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "organization.plain_widgets.PlainRenderer"

# A pooler between here and PostgreSQL that hands out connections by the transaction.
TRANSACTION_POOLER = env.boolean("TRANSACTION_POOLER", default=False)
DATABASES = {
    "default": databases.primary(env.secret("DATABASE_URL"), DATA_DIR, is_pooled=TRANSACTION_POOLER)
}
# A standby that lists and reports may be read from (organization.replica); off without it.
REPLICA_URL = env.secret("REPLICA_URL")
REPLICA_MAX_LAG = env.integer("REPLICA_MAX_LAG", default=10)  # seconds
if REPLICA_URL:
    DATABASES["replica"] = databases.replica(REPLICA_URL, DATABASES["default"])
    DATABASE_ROUTERS = ["organization.replica.Router"]
    # outside of the session's, whose row is written as well
    session = MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware")
    MIDDLEWARE.insert(session, "organization.replica.ReplicaMiddleware")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organization.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "organization.accounts.PasswordBackend",
]
# The first one makes new hashes; a hash that another one made is made anew at the next sign-in.
PASSWORD_HASHERS = [
    "organization.passwords.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{VALIDATORS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "email", "mobile"]},
    },
    {"NAME": f"{VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATORS}.NumericPasswordValidator"},
    {"NAME": "organization.passwords.UnpublishedValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# Single sign-on, off unless a provider is named (organization.oidc, docs/sign-in.md).
OIDC_ISSUER = env.address("OIDC_ISSUER")
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = env.secret("OIDC_CLIENT_SECRET")
if OIDC_ISSUER and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured("OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set with OIDC_ISSUER")
OIDC_SCOPES = env.text("OIDC_SCOPES") or "openid profile email"
if "openid" not in OIDC_SCOPES.split():
    raise ImproperlyConfigured("OIDC_SCOPES must have the word openid")
OIDC_MATCH = env.choice("OIDC_MATCH", ["username", "email"])
OIDC_CLAIM = env.text("OIDC_CLAIM") or {"username": "preferred_username"}.get(OIDC_MATCH, "email")
OIDC_CREATE = env.boolean("OIDC_CREATE", default=False)
OIDC_SECOND_STEP = env.choice("OIDC_SECOND_STEP", ["here", "provider"])

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
MODELTRANSLATION_LANGUAGES = ("zh-hans", "en")
MODELTRANSLATION_DEFAULT_LANGUAGE = "zh-hans"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("zh-hans", "en")

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "files"
# Where nginx finds MEDIA_ROOT, for itself only (`internal`), e.g. /private-files/: it then sends
# files by X-Accel-Redirect, and a process is free once it has said that somebody may have one.
FILES_REDIRECT = env.text("FILES_REDIRECT")
if FILES_REDIRECT and not (FILES_REDIRECT.startswith("/") and FILES_REDIRECT.endswith("/")):
    raise ImproperlyConfigured("FILES_REDIRECT must begin and end with a slash")
# Files in a bucket instead of that folder (organization.bucket); only the application reaches it.
FILES_BUCKET = env.text("FILES_BUCKET")
BUCKET = {
    "bucket_name": FILES_BUCKET,
    "endpoint_url": env.server("FILES_ENDPOINT") or None,
    "region_name": env.text("FILES_REGION") or None,
    "access_key": env.secret("FILES_KEY_ID"),
    "secret_key": env.secret("FILES_SECRET"),
    "addressing_style": env.choice("FILES_ADDRESSING", ["auto", "path", "virtual"]),
}
if FILES_BUCKET and not (BUCKET["access_key"] and BUCKET["secret_key"]):
    raise ImproperlyConfigured("FILES_KEY_ID and FILES_SECRET must be set with FILES_BUCKET")
if FILES_BUCKET:
    FILES_REDIRECT = ""  # nginx would look for them in the folder
STORAGES = {
    "default": {"BACKEND": "organization.bucket.Bucket", "OPTIONS": BUCKET}
    if FILES_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = EMBEDDED
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# more than any note: whoever sends one of 10 MB is told which one it was
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_MAX_BYTES = 20 * 1024 * 1024

# Tasks: the database is the truth, the broker only rings the bell (docs/decisions.md).
BROKER_URL = env.secret("BROKER_URL") or "embedded://"
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS = broker.transport_options(BROKER_URL, DATA_DIR)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
# How many deliveries of reminders each tick rings for; no more than workers can work at once.
DELIVERY_WORKERS = env.integer("DELIVERY_WORKERS", default=2)
CELERY_BEAT_SCHEDULER = "config.schedule.Scheduler"
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "campaign.tasks.tick", "schedule": 120.0, "options": {"expires": 110}},
    "password-letters": {
        "task": "organization.tasks.send_letters",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "seal-history": {
        "task": "organization.tasks.seal_history",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "erase-over": {
        "task": "organization.tasks.erase_over",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
    "renew-statistics": {
        "task": "organization.tasks.renew_statistics",
        "schedule": crontab(hour=4, minute=10),  # nobody enters anything; it takes seconds
        "options": {"expires": 3600},
    },
    "send-heads": {
        "task": "campaign.tasks.send_heads",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "count-many": {
        "task": "campaign.tasks.count_many",
        "schedule": 120.0,
        "options": {"expires": 110},
    },
    "count-auditors": {
        "task": "inspections.tasks.count_auditors",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "settle-exams": {
        "task": "inspections.tasks.settle_exams",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "erase-customers": {
        "task": "inspections.tasks.erase_customers",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
}

EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_PASSWORD")
EMAIL_SECURITY = env.choice("EMAIL_SECURITY", ["none", "starttls", "tls"])
EMAIL_USE_TLS = EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = EMAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = (
    "campaign.reminders.smtp.Backend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "pinzhi@localhost")

# To whom outside the heads of the history's chains go every day; to nobody where it is empty.
EVIDENCE_MAIL = env.words("EVIDENCE_MAIL", [])

# Robots: what stands in for the services' hosts, and which of the own network they may reach.
ROBOT_GATEWAY = env.text("ROBOT_GATEWAY").rstrip("/")
ROBOT_PRIVATE_ADDRESSES = env.networks("ROBOT_PRIVATE_ADDRESSES")

# A sign-out goes on to the provider's; browsers take the form's word for where it may end.
OIDC_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER)) if OIDC_ISSUER else ""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, OIDC_ORIGIN] if OIDC_ORIGIN else [SELF],
        "frame-ancestors": [NONE],
    }
}
# Of a device the pages use the camera (photos of a sheet) and copy an address: themselves alone.
PERMISSIONS_POLICY = {"camera": "self", "clipboard-write": "self"} | dict.fromkeys(
    (
        "accelerometer", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
        "microphone", "midi", "payment", "serial", "usb",
    ),
    "",
)  # fmt: skip
# While this file is there every page says that the system is under maintenance.
MAINTENANCE_FILE = Path(env.text("MAINTENANCE_FILE") or DATA_DIR / "maintenance")

HTTPS = SITE_URL.startswith("https://")
# How many proxies of our own stand in front, each adding to X-Forwarded-For whom it saw.
PROXY_HOPS = env.integer("PROXY_HOPS", default=1 if HTTPS else 0)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^(health|ready)z$", r"^metrics$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# `text` for people at a console, `json` for whatever collects logs: one object a line.
LOG_FORMAT = env.choice("LOG_FORMAT", ["text", "json"])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "organization.tracing.RequestFilter"}},
    "formatters": {
        "text": {"format": "%(message)s"},
        "json": {"()": "organization.tracing.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request"],
            "formatter": LOG_FORMAT,
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "pinzhi.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "fontTools": {"level": "ERROR"},
        # a line for each page of a document
        "weasyprint.progress": {"level": "WARNING"},
        # they would write down the addresses of robots, which are keys
        "apprise": {"handlers": ["nowhere"], "propagate": False},
        "urllib3": {"level": "INFO"},
        # at DEBUG they would write down keys and names of files
        "botocore": {"level": "WARNING"},
        "boto3": {"level": "WARNING"},
    },
}
if ERROR_DSN:
    LOGGING["handlers"]["reports"] = {"class": "organization.reports.Handler", "dsn": ERROR_DSN}
    LOGGING["root"]["handlers"].append("reports")
