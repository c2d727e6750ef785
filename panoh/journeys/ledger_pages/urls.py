"""Pages of the ledger, below /ledger."""

from django.urls import path

from panoh.journeys.ledger_pages import views

urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("/entries/<uuid:entry_id>", views.entry, name="ledger_entry"),
    path("/checkpoint.txt", views.latest_checkpoint, name="ledger_latest_checkpoint"),
    path("/checkpoints/<int:size>.txt", views.checkpoint, name="ledger_checkpoint"),
    path("/receipt", views.receipt, name="ledger_receipt"),
]
