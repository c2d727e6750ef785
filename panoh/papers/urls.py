from django.urls import path

from panoh.papers import check_views, views

urlpatterns = [
    path("papers/stock", views.stock, name="papers_stock"),
    path("papers/stock/receive", views.stock_receive, name="papers_stock_receive"),
    path("papers/forms/spoil", views.form_spoil, name="papers_form_spoil"),
    path("papers/to-confirm", views.to_confirm, name="papers_to_confirm"),
    path("persons/<str:number>/papers/prepare", views.prepare, name="paper_prepare"),
    path("households/<str:number>/receipts/<uuid:entry_id>.pdf", views.receipt, name="receipt"),
    path("papers/<str:number>", views.paper, name="paper"),
    path("papers/<str:number>/preview.png", views.paper_preview, name="paper_preview"),
    path("papers/<str:number>/print.pdf", views.paper_print, name="paper_print"),
    path("papers/<str:number>/confirm", views.paper_confirm, name="paper_confirm"),
    path("papers/<str:number>/refuse", views.paper_refuse, name="paper_refuse"),
    path("papers/<str:number>/revoke", views.paper_revoke, name="paper_revoke"),
    path("papers/<str:number>/replace", views.paper_replace, name="paper_replace"),
    path("check", check_views.check, name="check"),
    path("check/keys.json", check_views.key_list, name="check_keys"),
    path("check/standing", check_views.standing, name="check_standing"),
    path("check/worker.js", check_views.worker, name="check_worker"),
    path("check/manifest.webmanifest", check_views.manifest, name="check_manifest"),
]
