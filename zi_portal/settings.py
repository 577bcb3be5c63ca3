"""The one settings file. Everything that differs between installations comes from the environment."""

from pathlib import Path
from urllib.parse import quote

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from zi_portal import env

MIB = 1024 * 1024
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var")))

DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.text("SECRET_KEY")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY is not set. Set it, or DEBUG=1 on a developer's machine.")
    SECRET_KEY = "insecure-key-for-debug-only-" + "0" * 40
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "accounts.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
    "accounts",
    "assessment",
    "evidence",
    "review",
    "planning",
    "reports",
    "dashboards",
    "portal",
    "news",
]

MIDDLEWARE = [
    "reports.portalrb.middleware.PortalRbMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "zi_portal.urls"
WSGI_APPLICATION = "zi_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{quote(str(DATA_DIR / 'portal.sqlite3'))}")}
env.make_room_for(DATABASES["default"])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.UsernameOrEmailBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "dashboards:home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24

# A wrong password locks the pair of name and address for a while, never the account for everybody.
AXES_FAILURE_LIMIT = env.number("LOGIN_FAILURE_LIMIT", 10, minimum=1)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.views.locked"
AXES_USERNAME_CALLABLE = "accounts.backends.throttle_name"
AXES_CLIENT_IP_CALLABLE = "accounts.http.client_ip"
AXES_RESET_ON_SUCCESS = True
# The wait that the page names holds, however often a person tries meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False  # English pages; unlocking is an action on users
AXES_VERBOSE = False

# How many reverse proxies of ours stand in front; behind one, every request seems to come from it.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia")]
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STORAGES["evidence"] = env.evidence_storage(
    {
        "bucket_name": env.text("EVIDENCE_S3_BUCKET"),
        "endpoint_url": env.text("EVIDENCE_S3_ENDPOINT"),
        "region_name": env.text("EVIDENCE_S3_REGION"),
        "access_key": env.text("EVIDENCE_S3_KEY"),
        "secret_key": env.text("EVIDENCE_S3_SECRET"),
    }
)
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

# Evidence. Sizes in MiB outside, in bytes inside.
EVIDENCE_INCOMING_DIR = MEDIA_ROOT / "incoming"
EVIDENCE_PREVIEW_DIR = DATA_DIR / "preview"
EVIDENCE_KINDS = env.names("EVIDENCE_KINDS", [])  # empty: every kind the portal knows
EVIDENCE_MAX_FILE = env.number("EVIDENCE_MAX_FILE_MIB", 25, minimum=1) * MIB
EVIDENCE_UNIT_QUOTA = env.number("EVIDENCE_UNIT_QUOTA_MIB", 5120, minimum=1) * MIB
EVIDENCE_MAX_IMPORT = env.number("EVIDENCE_MAX_IMPORT_MIB", 1024, minimum=1) * MIB
EVIDENCE_MAX_IMPORT_FILES = env.number("EVIDENCE_MAX_IMPORT_FILES", 2000, minimum=1)
# The preview of an import posts up to two fields for each of its files.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000 + 2 * EVIDENCE_MAX_IMPORT_FILES
EVIDENCE_ACCEL_PREFIX = env.text("EVIDENCE_ACCEL_PREFIX")
EVIDENCE_LINK_CHECK = env.flag("EVIDENCE_LINK_CHECK", False)
CLAMD = env.text("CLAMD")

# The ministry's PortalRB: requests a minute with one token, and from one address, with or without a token.
PORTALRB_TOKEN_PER_MINUTE = 120
PORTALRB_ADDRESS_PER_MINUTE = 240

# Long work waits in the database for `manage.py job_worker`; what it makes lies in DATA_DIR/jobs for some days.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOB_KEEP_DAYS = env.number("JOB_KEEP_DAYS", 7, minimum=1)
JOB_QUOTA = env.number("JOB_QUOTA", 5, minimum=1)  # unfinished ones of one person
# A worker that has given no sign of life for so long is taken for dead, and its job is begun anew.
JOB_STALE_SECONDS = env.number("JOB_STALE_SECONDS", 120, minimum=1)
# Drawn documents are kept in DATA_DIR/rendered up to this size.
RENDERED_MAX = env.number("RENDERED_MAX_MIB", 512, minimum=1) * MIB

FIXTURE_DIRS = [BASE_DIR / "fixtures"]

EMAIL_BACKEND = (
    "django.core.mail.backends.console.EmailBackend" if DEBUG else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25, minimum=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
# How many e-mails are tried right after the change they tell of; the others wait for `manage.py send_mail`.
NOTIFY_INLINE_MAILS = env.number("NOTIFY_INLINE_MAILS", 5)
# The portal's address in e-mails, such as https://zi.instansi.go.id; empty leaves paths.
PORTAL_URL = env.text("PORTAL_URL")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "portal-zi@localhost")

# Nothing inline and nothing foreign: agencies run closed networks, and the policy must hold there.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 7
CSRF_FAILURE_VIEW = "zi_portal.errors.csrf_failure"

# Behind an ordinary reverse proxy with TLS. INSECURE_HTTP=1 is for a trial on a closed network.
if not DEBUG and not env.flag("INSECURE_HTTP", False):
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 60 * 60 * 24 * 365)
    # Off unless asked for: an agency's other sites below the same name may not have TLS, and preloading is for years.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS", False)
    SECURE_HSTS_PRELOAD = False
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # fontTools and WeasyPrint narrate every glyph at INFO.
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
