"""Django's settings. What an operator may set comes from the environment and is listed in docs/operations.md."""

from __future__ import annotations

import os

from csp.constants import NONE, SELF
from django.conf import locale
from django.utils.translation import gettext_lazy as _

from panoh.project import database, installation

MODE = installation.mode()
BASE_DIR = installation.ROOT
STATE_DIRECTORY = installation.state_directory()
COUNTRY = os.environ.get("PANOH_COUNTRY", "tj")
HTTPS = os.environ.get("PANOH_HTTPS", "yes" if MODE == "production" else "no") == "yes"

SECRET_KEY = installation.derived_secret("django")
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("PANOH_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
if MODE == "test":
    ALLOWED_HOSTS += ["testserver", ".localhost"]

# -- rooms ------------------------------------------------------------------------------------------------------------

ROOMS = (
    *(
        "rulebook",
        "ledger",
        "access",
        "registry",
        "papers",
        "procedures",
        "protection",
        "referrals",
        "scheduling",
        "inquiry",
        "library",
    ),
    *("journeys", "statistics", "web", "api", "demo"),
)

INSTALLED_APPS = [
    *(f"panoh.{room}" for room in ROOMS),
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
]

PROXIES = int(os.environ.get("PANOH_PROXIES") or 0)  # of ours, one behind the other, that add to X-Forwarded-For
MIDDLEWARE = [
    "panoh.web.middleware.BehindProxiesMiddleware",
    "panoh.web.middleware.Utf8OnlyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # border posts are on slow lines; secrets in pages are masked anew each time
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "panoh.web.middleware.ReaderMiddleware",  # language and calendar; Django's own knows no Dari
    "panoh.web.middleware.KeepPrivateMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",  # turns a lockout into an answer
    "panoh.access.middleware.AccessMiddleware",  # last: the view runs inside its transaction
]

ROOT_URLCONF = "panoh.project.urls"
WSGI_APPLICATION = "panoh.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "panoh.web.context.frame",
            ],
        },
    }
]

FORM_RENDERER = "panoh.web.form_rendering.PanohFormRenderer"
CSRF_FAILURE_VIEW = "panoh.web.kept_forms.from_elsewhere"

# -- database ---------------------------------------------------------------------------------------------------------

# `panoh serve` keeps connections ready for its threads; commands and tests open one and close it.
# Threads of one web process wait for each other's Python: with four the slowest registration of a hundred took 500 ms, with
# two 340 ms, at the same rate (benchmarks/registration.py). Processes are as many as processors.
SERVER_THREADS = int(os.environ.get("PANOH_THREADS", "2"))
DATABASE_TARGET = database.find_target()
DATABASE_ROLES = DATABASE_TARGET.roles
DATABASES = database.django_databases(
    DATABASE_TARGET, pooled=os.environ.get("PANOH_SERVING") == "yes", pool_size=SERVER_THREADS
)
# Called by the demo room, which lies below this one, when it is asked to load its operation anew.
PANOH_RENEW_DATABASE = "panoh.project.migrating.renew"
PANOH_MAKE_DATABASE = "panoh.project.migrating.make_beside"

# -- who may come in --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "panoh.access.sign_in.AccountBackend",
]
PASSWORD_HASHERS = [
    "panoh.access.sign_in.PatientArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "panoh.access.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Staff sign in with a second factor everywhere but in the demo, whose people are synthetic.
PANOH_SECOND_FACTOR = MODE != "demo"
PANOH_PROBLEM_ANSWER = "panoh.web.problems.answer_problem"
PANOH_KEPT_FORM = "panoh.web.kept_forms"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# allauth's own limit counts by name alone, and five tries of anybody would lock its owner out: by name it stops only who guesses
# from many addresses.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,60/15m/key"}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "panoh.web.problems.locked_out"

ACCOUNT_ADAPTER = "panoh.access.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Panoh"

# -- sessions and headers ---------------------------------------------------------------------------------------------

SESSION_ENGINE = "panoh.access.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60  # one working day; the access middleware also ends sessions that lie idle
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("PANOH_ORIGINS", "").split(",") if origin]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

# -- static files -----------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIRECTORY / "static"
WHITENOISE_USE_FINDERS = MODE == "test"
WHITENOISE_MAX_AGE = 0 if MODE == "test" else 60
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing of a person is kept as a file
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if MODE == "test"
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# -- languages and time -----------------------------------------------------------------------------------------------

# Dari has no entry in Django: it is registered here, right-to-left. Babel knows it as fa_AF.
locale.LANG_INFO["prs"] = {"bidi": True, "code": "prs", "name": "Dari", "name_local": "دری"}
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian")), ("tg", _("Tajik")), ("prs", _("Dari"))]
LANGUAGES_BIDI = ["prs"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [installation.ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Dushanbe"

# -- ledger (panoh.ledger.configuration) --------------------------------------------------------------------------------

LEDGER_ORIGIN = os.environ.get("PANOH_LEDGER_ORIGIN", "")
LEDGER_KEYS = os.environ.get("PANOH_LEDGER_KEYS", "")
LEDGER_WITNESS_DIRECTORY = os.environ.get("PANOH_WITNESS_DIRECTORY", "")
LEDGER_WITNESS_ADDRESSES = [address for address in os.environ.get("PANOH_WITNESS_ADDRESSES", "").split(",") if address]

# -- linkage (panoh.identity.linkage.weighing) ---------------------------------------------------------------------------

LINKAGE_ENGINE = os.environ.get("PANOH_LINKAGE_ENGINE", "duckdb")

# -- mail and log -----------------------------------------------------------------------------------------------------

# A changed rulebook that is being drafted: its page shows what it would do to open cases, and nothing else uses it.
PANOH_RULEBOOK_DRAFT = os.environ.get("PANOH_RULEBOOK_DRAFT", "")

MAIL_SERVER = os.environ.get("PANOH_MAIL_SERVER", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_SERVER else 'console'}.EmailBackend"
EMAIL_HOST, _colon, _port = MAIL_SERVER.partition(":")
EMAIL_PORT = int(_port or 25)
EMAIL_TIMEOUT = 20
# How codes for asking about the own case are sent; each name is a class like `panoh.inquiry.channels.Mail`.
INQUIRY_CHANNELS = [
    path
    for path in os.environ.get("PANOH_CODE_CHANNELS", "panoh.inquiry.channels.Mail" if MAIL_SERVER else "").split(",")
    if path
]
DEFAULT_FROM_EMAIL = os.environ.get("PANOH_MAIL_FROM", "panoh@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if MODE != "test" else "WARNING"},
    "loggers": {
        "axes": {"level": "WARNING"},
        # A refused or missing page is the register's business, and its address names a file: not for a plain log.
        "django.request": {"level": "ERROR"},
    },
}
