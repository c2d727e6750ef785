"""Pages of statistics."""

from django.urls import path

from panoh.statistics import case_pages, views

urlpatterns = [
    path("statistics", views.annual, name="statistics"),
    path("statistics/file.<str:extension>", views.file, name="statistics_file"),
    path("statistics/chart.svg", views.chart, name="statistics_chart"),
    path("statistics/cases", case_pages.cases, name="statistics_cases"),
    path("statistics/figure", views.figure, name="statistics_figure"),
]
