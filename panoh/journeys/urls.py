"""Pages that cross rooms."""

from django.urls import include, path

urlpatterns = [path("ledger", include("panoh.journeys.ledger_pages.urls"))]
