"""The Django project of a Testpress institute that lives for one test run."""

import os
from datetime import timedelta
from pathlib import Path

# `run` makes this directory for one server and deletes it afterwards.
DIRECTORY = Path(os.environ["INSTITUTE_DIRECTORY"])

# Known to everybody: a test signs with it the tokens that no login hands out.
SECRET_KEY = "a test institute keeps no secrets and signs with this"

# With DEBUG, errors are pages of their own and a missing slash is one of them.
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

ROOT_URLCONF = "urls"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "rest_framework",
    "rest_framework_jwt",
    "rest_framework_jwt.blacklist",
]

MIDDLEWARE = [
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
]

# Logged-in users cost no time here, and there is nobody to protect.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DIRECTORY / "institute.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {"init_command": "PRAGMA synchronous=OFF"},
    }
}

# The throttle counts in it: right because gunicorn runs a single process.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

USE_TZ = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework_jwt.authentication.JSONWebTokenAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

WEEK = 7 * 24 * 60 * 60

JWT_AUTH = {
    "JWT_AUTH_HEADER_PREFIX": "JWT",
    "JWT_EXPIRATION_DELTA": timedelta(seconds=int(os.environ.get("INSTITUTE_TOKEN_SECONDS", WEEK))),
    "JWT_PAYLOAD_HANDLER": "tokens.create_payload",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
