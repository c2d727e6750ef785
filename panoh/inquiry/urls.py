from django.urls import path

from panoh.inquiry.views import codes, own_case

urlpatterns = [
    path("own-case", own_case.own_case, name="own_case"),
    path("own-case/slip.pdf", own_case.slip, name="own_case_slip"),
    path("own-case/<str:number>", codes.code_page, name="case_code_page"),
    path("own-case/<str:number>/code", codes.make, name="case_code"),
    path("own-case/<str:number>/code/revoke", codes.revoke, name="case_code_revoke"),
    path("own-case/<str:number>/contacts", codes.add_contact, name="case_contact_add"),
    path("own-case/<str:number>/contacts/<uuid:contact>/end", codes.end_contact, name="case_contact_end"),
    path("own-case/<str:number>/contacts/<uuid:contact>/send", codes.send, name="case_code_send"),
]
