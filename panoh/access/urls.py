"""Pages of access: organisations and sharing, members, readings, emergency access, own membership."""

from django.urls import path

from panoh.access import views

urlpatterns = [
    path("membership", views.choose_membership, name="choose_membership"),
    path("purpose", views.choose_purpose, name="choose_purpose"),
    path("organisations", views.organisations, name="organisations"),
    path("organisations/add", views.organisation_add, name="organisation_add"),
    path("organisations/<slug:code>/offices/add", views.office_add, name="office_add"),
    path("agreements/sign", views.agreement_sign, name="agreement_sign"),
    path("agreements/<uuid:agreement_id>/end", views.agreement_end, name="agreement_end"),
    path("members", views.members, name="members"),
    path("members/add", views.member_add, name="member_add"),
    path("members/<uuid:member_id>/end", views.member_end, name="member_end"),
    path("members/<uuid:member_id>/renew", views.account_renew, name="account_renew"),
    path("readings", views.readings, name="readings"),
    path("emergencies", views.emergencies, name="emergencies"),
    path("emergencies/<uuid:grant_id>/review", views.emergency_review, name="emergency_review"),
    path("tokens", views.tokens, name="tokens"),
    path("tokens/<uuid:token_id>/end", views.token_end, name="token_end"),
    path("policy", views.policy_page, name="policy"),
]
