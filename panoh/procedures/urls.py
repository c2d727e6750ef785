"""Pages of cases: the work list, cases and their acts, sittings, barriers, manuals."""

from django.urls import path

from panoh.procedures.views import agenda, barriers, cases, feasts, items, late_entries, manual, moves, sittings, work

urlpatterns = [
    path("work", work.work, name="work"),
    path("work/notices/<uuid:notice>/seen", work.notice_seen, name="notice_seen"),
    path("households/<str:household>/cases/new", cases.case_choose, name="case_choose"),
    path("households/<str:household>/cases/<slug:procedure>/<slug:track>", cases.case_open, name="case_open"),
    path(
        "households/<str:household>/cases/<slug:procedure>/<slug:track>/late-entry",
        late_entries.opening_late_entry,
        name="opening_late_entry",
    ),
    path("cases/new/<slug:procedure>/<slug:track>", cases.case_open_without_file, name="case_open_without_file"),
    path("cases/<str:number>", cases.case, name="case"),
    path("cases/<str:number>/safeguards/<slug:code>", cases.safeguard, name="case_safeguard"),
    path("cases/<str:number>/papers/<uuid:order>", cases.order_prepare, name="case_paper"),
    path("cases/<str:number>/letters/<uuid:order>.pdf", cases.case_letter, name="case_letter"),
    path("cases/<str:number>/steps/<int:seq>/<slug:field>", cases.step_file, name="step_file"),
    path("cases/<str:number>/late-entry", late_entries.case_late_entry, name="case_late_entry"),
    path("cases/<str:number>/move", moves.case_move, name="case_move"),
    path("cases/<str:number>/<slug:action>", cases.act, name="case_act"),
    path("sittings", sittings.sitting_list, name="sittings"),
    path("sittings/convene/<slug:procedure>/<slug:kind>", agenda.sitting_convene, name="sitting_convene"),
    path("sittings/<str:number>", sittings.sitting, name="sitting"),
    path("sittings/<str:number>/minutes.pdf", sittings.sitting_minutes, name="sitting_minutes"),
    path("sittings/<str:number>/agenda", agenda.sitting_agenda, name="sitting_agenda"),
    path("sittings/<str:number>/attendance", sittings.sitting_attendance, name="sitting_attendance"),
    path("sittings/<str:number>/items/<int:position>", items.item, name="sitting_item"),
    path("sittings/<str:number>/items/<int:position>/<slug:act>", items.item_act, name="item_act"),
    path("sittings/<str:number>/<slug:act>", sittings.sitting_act, name="sitting_act"),
    path("feasts", feasts.feasts, name="feasts"),
    path("feasts/<str:expected>/propose", feasts.feast_propose, name="feast_propose"),
    path("feasts/<uuid:feast>/confirm", feasts.feast_confirm, name="feast_confirm"),
    path("barriers", barriers.barriers, name="barriers"),
    path("barriers/record", barriers.barrier_record, name="barrier_record"),
    path("barriers/<uuid:barrier>/lift", barriers.barrier_lift, name="barrier_lift"),
    path("procedures", manual.manuals, name="manuals"),
    path("procedures/draft", manual.draft, name="rulebook_draft"),
    path("procedures/moves", moves.moves, name="moves"),
    path("procedures/<slug:code>/moves/<int:version>", moves.moves_make, name="moves_make"),
    path("procedures/<slug:code>", manual.manual, name="manual"),
]
