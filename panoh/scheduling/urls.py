"""Pages of missions: the list, one with its calendar, its preparation, its families, its plans and what is printed of them."""

from django.urls import path

from panoh.scheduling.views import families, missions, preparing, printing, routes

urlpatterns = [
    path("missions", missions.mission_list, name="missions"),
    path("missions/new/<slug:procedure>/<slug:kind>", preparing.mission_new, name="mission_new"),
    path("missions/<str:number>", missions.mission, name="mission"),
    path("missions/<str:number>/prepare", preparing.prepare, name="mission_prepare"),
    path("missions/<str:number>/prepare/remove", preparing.remove, name="mission_remove"),
    path("missions/<str:number>/families", families.families, name="mission_families"),
    path("missions/<str:number>/families/<str:case>", families.family, name="mission_family"),
    path("missions/<str:number>/route", routes.mission_route, name="mission_route"),
    path("missions/<str:number>/confirm", missions.confirm, name="mission_confirm"),
    path("missions/<str:number>/plan.csv", printing.plan_csv, name="mission_csv"),
    path("missions/<str:number>/door.pdf", printing.door_pdf, name="mission_door"),
    path("missions/<str:number>/officers.pdf", printing.officers_pdf, name="mission_officers"),
    path("missions/<str:number>/came/<uuid:appointment>", missions.came, name="mission_came"),
    path("missions/<str:number>/<slug:act>", missions.mission_act, name="mission_act"),
]
