"""The application that the web server calls."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from panoh.identity.likeness import warm_up
from panoh.project.attached import attach_to_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")
application = get_wsgi_application()

from panoh.registry.queries.vocabulary import fetch_words  # noqa: E402 - it knows tables: only once Django is set up

reverse("home")  # all views are read in now: the first page of each process waited most of a second for them
warm_up()  # compiled code is loaded before the first clerk searches, and compiled where it never was
fetch_words()
attach_to_server()
