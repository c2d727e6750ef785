from django.urls import path

from panoh.inquiry import views

urlpatterns = [
    path("own-case", views.own_case, name="own_case"),
    path("own-case/<str:number>/code", views.make, name="case_code"),
]
