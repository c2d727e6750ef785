"""Pages of the register: search, registering, households, persons, their events, duplicates."""

from django.urls import path

from panoh.registry.views import (
    checking,
    duplicates,
    emergency,
    events,
    explaining,
    files,
    households,
    imports,
    persons,
    registering,
    searching,
)

urlpatterns = [
    path("search", searching.search, name="search"),
    path("identity/explain", explaining.identity_explain, name="identity_explain"),
    path("files", files.files, name="files"),
    path("households/register", registering.register, name="household_register"),
    path("households/register/alike", registering.alike, name="household_alike"),
    path("households/check", checking.check_households, name="household_check"),
    path("households/<str:number>", households.household, name="household"),
    path("households/<str:number>/print", households.household_print, name="household_print"),
    path("households/<str:number>/<str:event>", events.household_event, name="household_event"),
    path("persons/<str:number>", persons.person, name="person"),
    path("persons/<str:number>/photo.jpg", persons.photo, name="person_photo"),
    path("persons/<str:number>/<str:event>", events.person_event, name="person_event"),
    path("emergencies/open", emergency.emergency_open, name="emergency_open"),
    path("imports", imports.imports, name="imports"),
    path("imports/files/<uuid:file>", imports.preview, name="import_preview"),
    path("imports/files/<uuid:file>/put-away", imports.put_away, name="import_put_away"),
    path("imports/<uuid:batch>", imports.batch, name="import_batch"),
    path("imports/<uuid:batch>/undo", imports.undo, name="import_undo"),
    path("duplicates", duplicates.duplicates, name="duplicates"),
    path("duplicates/<str:first>", duplicates.choose, name="duplicate_choose"),
    path("duplicates/<str:first>/<str:second>", duplicates.pair, name="duplicate_pair"),
    path("duplicates/<str:first>/<str:second>/confirm", duplicates.confirm, name="duplicate_confirm"),
    path("duplicates/<str:first>/<str:second>/undo", duplicates.undo, name="duplicate_undo"),
]
