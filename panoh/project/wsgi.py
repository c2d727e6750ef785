"""The application that the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from panoh.project.attached import attach_to_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")
application = get_wsgi_application()
attach_to_server()
