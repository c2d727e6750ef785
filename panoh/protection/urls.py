from django.urls import path

from panoh.protection.views import incidents, interventions, law, patterns, reporting, supervision

urlpatterns = [
    path("incidents", incidents.incidents, name="incidents"),
    path("incidents/report", reporting.report, name="incident_report"),
    path("incidents/refer", reporting.refer, name="incident_refer"),
    path("incidents/export.csv", incidents.export, name="incident_export"),
    path("incidents/patterns", patterns.patterns, name="incident_patterns"),
    path("incidents/patterns.csv", patterns.patterns_file, name="incident_patterns_file"),
    path("incidents/<str:number>", incidents.incident, name="incident"),
    path("incidents/<str:number>/follow-up", incidents.incident_follow_up, name="incident_follow_up"),
    path("incidents/<str:number>/close", incidents.incident_close, name="incident_close"),
    path("incidents/<str:number>/reopen", incidents.incident_reopen, name="incident_reopen"),
    path("incidents/<str:number>/evidence", incidents.evidence_add, name="incident_evidence_add"),
    path("incidents/<str:number>/evidence/<uuid:evidence_id>", incidents.evidence, name="incident_evidence"),
    path("supervision", supervision.supervision, name="supervision"),
    path("supervision.csv", supervision.supervision_file, name="supervision_file"),
    path("supervision/law", law.law, name="law_corrections"),
    path("supervision/law/<slug:gap>", law.law_record, name="law_record"),
    path("interventions", interventions.interventions, name="interventions"),
    path("interventions/send", interventions.send, name="intervention_send"),
    path("interventions/<str:number>", interventions.intervention, name="intervention"),
    path("interventions/<str:number>/answer", interventions.answer, name="intervention_answer"),
    path("interventions/<str:number>/letter.pdf", interventions.letter, name="intervention_letter"),
]
