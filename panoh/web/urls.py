"""Pages of the frame: the first page, where work begins, help, the look, and the reader's switches."""

from django.urls import path

from panoh.web import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("welcome", views.welcome, name="welcome"),
    path("start", views.start, name="start"),
    path("help", views.help_page, name="help"),
    path("help/about/<slug:topic>", views.help_topic, name="help_topic"),
    path("help/<slug:role>", views.help_page, name="help_role"),
    path("look", views.look, name="look"),
    path("reader/language", views.choose_language, name="choose_language"),
    path("reader/calendar", views.choose_calendar, name="choose_calendar"),
    path("robots.txt", views.robots, name="robots"),
    path("health", health.health, name="health"),
]
