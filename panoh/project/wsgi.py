"""The application that the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from panoh.identity.likeness import warm_up
from panoh.project.attached import attach_to_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")
application = get_wsgi_application()
warm_up()  # compiled code is loaded before the first clerk searches, and compiled where it never was
attach_to_server()
