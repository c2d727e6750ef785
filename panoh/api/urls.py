"""Addresses of the API. The version stands in each: an answer changes its meaning only under a new one."""

from django.urls import path

from panoh.api import views

urlpatterns = [
    path("api/v1/persons", views.persons, name="api_persons"),
    path("api/v1/openapi.json", views.openapi, name="api_openapi"),
    path("api/v1/problems/<str:code>", views.problem, name="api_problem"),
]
