"""What gunicorn loads: a Django that has just made its database."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")

application = get_wsgi_application()

# Imported by name because models exist only once Django is set up.
import_string("users.create_database")()
