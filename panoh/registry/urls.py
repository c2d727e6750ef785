from django.urls import path

from panoh.registry.views import households, persons, registering, searching

urlpatterns = [
    path("search", searching.search, name="search"),
    path("households/register", registering.register, name="household_register"),
    path("households/<str:number>", households.household, name="household"),
    path("households/<str:number>/print", households.household_print, name="household_print"),
    path("persons/<str:number>", persons.person, name="person"),
    path("persons/<str:number>/photo.jpg", persons.photo, name="person_photo"),
]
