"""My work today: what is due, by which article, on both clocks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from panoh.access.pages import page
from panoh.access.scope import household_scope
from panoh.procedures.models import Notice
from panoh.procedures.operations.notices import see_notice
from panoh.procedures.panels import WORK_PANELS
from panoh.procedures.queries.cases import without_a_file
from panoh.procedures.queries.openings import list_openings_without_file
from panoh.procedures.queries.work import COUNT_UP_TO, PAGE, After, count_due, due_list, list_notices
from panoh.procedures.rules.agenda import Bucket
from panoh.registry.panels import list_panels

HEADINGS = {
    Bucket.OVERDUE: _("Late"),
    Bucket.TODAY: _("Today"),
    Bucket.THIS_WEEK: _("This week"),
    Bucket.LATER: _("Later"),
    Bucket.PAUSED: _("Clock stands still"),
}


@page("procedures.work.read")
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """The most urgent first. Counts go as far as anybody reads; the list goes on page by page."""
    actor, today = request.actor, timezone.localdate()
    mine = request.GET.get("whose") == "mine"
    which = _bucket(request.GET.get("when", ""))
    after = After.read(request.GET.get("after", ""))
    lines = due_list(actor, today, which=which, mine=mine, limit=PAGE + 1, after=after)
    shown = lines[:PAGE]
    counts = count_due(actor, today, mine=mine)
    last = shown[-1].due if len(lines) > PAGE else None
    return render(
        request,
        "procedures/work.html",
        {
            "lines": [
                {
                    "line": line,
                    "title": line.clock.titles,
                    "state": line.procedure.states[line.due.case.state],
                    "elapsed": (today - line.due.starts_on).days,
                    "first": not n or shown[n - 1].bucket != line.bucket,
                    "heading": HEADINGS[line.bucket],
                }
                for n, line in enumerate(shown)
            ],
            "counts": [
                {
                    "bucket": one,
                    "title": title,
                    "many": min(counts[one], COUNT_UP_TO),
                    "more": counts[one] > COUNT_UP_TO,
                }
                for one, title in HEADINGS.items()
            ],
            "which": which,
            "mine": mine,
            "after": After(last.due_on, last.pk).text() if last else "",
            "first_page": after is None,
            "openings": list_openings_without_file(actor) if after is None else [],
            "notices": list_notices(actor) if after is None else [],
            "panels": list_panels(actor, today, WORK_PANELS) if after is None and which is None else [],
        },
    )


def _bucket(text: str) -> Bucket | None:
    return Bucket(text) if text in {one.value for one in Bucket} else None


@page("procedures.notice.see")
@require_POST
def notice_seen(request: HttpRequest, notice: str) -> HttpResponse:
    found = (
        Notice.objects.filter(
            household_scope(request.actor, "case__household__") | without_a_file(request.actor, "case__"), pk=notice
        )
        .select_related("case__household", "case__organisation")
        .first()
    )
    if found is not None:
        see_notice(by=request.actor, notice=found)
        return redirect("case", found.case.number)
    return redirect("work")
