"""Everybody who can, or cannot, log in. README.md tells what each user shows."""

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import connection

# The number of the user `testpress` in the sample token of the vendor's documentation.
FIRST_ID = 17

USERS = [
    {"username": "testpress", "first_name": "Tess", "last_name": "Press"},
    {"username": "moderator", "first_name": "Mo", "last_name": "Derator", "is_staff": True},
    {"username": "13956"},
    {"username": "unicode", "first_name": "Zoë", "password": "clé-é-🔑"},
    {"username": "quotes", "password": r"""it's "50%" & \back\\slash"""},
    {"username": "inactive", "is_active": False},
    {"username": "locked"},
    {"username": "devices"},
    {"username": "devices-nested"},
    {"username": "throttled"},
    {"username": "fault"},
]


def create_database():
    """Make the tables and the users; migrations would take most of the start-up."""
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            editor.create_model(model)
    User.objects.bulk_create(
        create_user(number, **user) for number, user in enumerate(USERS, FIRST_ID)
    )
    # gunicorn forks next, and a SQLite connection must not cross a fork.
    connection.close()


def create_user(number, username, password="demo", **fields):
    email = f"{username}@example.com"
    return User(
        id=number, username=username, email=email, password=make_password(password), **fields
    )
