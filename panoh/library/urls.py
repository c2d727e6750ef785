from django.urls import path

from panoh.library.views import browsing, citing, intakes, reading

urlpatterns = [
    path("library", browsing.library, name="library"),
    path("library/search", browsing.library_search, name="library_search"),
    path("library/by/<str:by>", browsing.library_browse, name="library_browse"),
    path("library/wanted", browsing.library_wanted, name="library_wanted"),
    path("library/unsettled", browsing.library_unsettled, name="library_unsettled"),
    path("library/take-in", intakes.take_in, name="library_take_in"),
    path("library/intakes/<uuid:intake_id>", intakes.intake, name="library_intake"),
    path("library/intakes/<uuid:intake_id>/retry", intakes.retry, name="library_intake_retry"),
    path("library/intakes/<uuid:intake_id>/undo", intakes.undo, name="library_intake_undo"),
    path("library/searches/save", browsing.search_save, name="library_search_save"),
    path("library/searches/<uuid:search_id>/forget", browsing.search_forget, name="library_search_forget"),
    path("library/documents/<str:refid>", reading.document, name="library_document"),
    path("library/documents/<str:refid>/settle", reading.document_settle, name="library_settle"),
    path("library/documents/<str:refid>/withdraw", reading.document_withdraw, name="library_withdraw"),
    path("library/documents/<str:refid>/<str:anchor>", reading.paragraph, name="library_paragraph"),
    path("library/documents/<str:refid>/<str:anchor>/redact", reading.paragraph_redact, name="library_redact"),
    path("library/documents/<str:refid>/<str:anchor>/cite", citing.paragraph_cite, name="library_cite"),
    path("library/documents/<str:refid>/<str:anchor>/figure", citing.paragraph_claim, name="library_claim"),
    path("library/documents/<str:refid>/<str:anchor>/keep", citing.paragraph_keep, name="library_keep"),
    path("library/sources/<str:kind>/<str:key>", citing.sources, name="library_sources"),
    path("library/sources/<str:kind>/<str:key>/bundle.pdf", citing.sources_bundle, name="library_bundle"),
    path("library/citations/<uuid:citation_id>/end", citing.citation_end, name="library_citation_end"),
    path("library/figures", citing.figures, name="library_figures"),
    path("library/figures/history", citing.figure, name="library_figure"),
    path("library/figures/<uuid:claim_id>/withdraw", citing.claim_withdraw, name="library_claim_withdraw"),
    path("library/lists", citing.shelves, name="library_shelves"),
    path("library/lists/<uuid:shelf_id>", citing.shelf, name="library_shelf"),
    path("library/lists/<uuid:shelf_id>/bundle.pdf", citing.shelf_bundle, name="library_shelf_bundle"),
]
