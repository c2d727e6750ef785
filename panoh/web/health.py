"""Whether this installation works, for programs that watch it: the database, and the rulebook on disk beside the one in force.

Public and about nobody: a rulebook is public law, and its faults are said so that somebody mends them.
"""

from __future__ import annotations

from django.db import OperationalError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from panoh.access.pages import public
from panoh.rulebook import in_force

FAULTS_SHOWN = 20


@public
@require_GET
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served, 503 while the database does not answer; "attention" where somebody has to look."""
    answers, disk = _database_answers(), in_force.look_at_disk()
    kept = in_force.standing().kept
    if not answers:
        status = "down"
    else:
        status = "ok" if disk.state == "in_force" else "attention"
    told = {
        "status": status,
        "database": "ok" if answers else "unreachable",
        "rulebook": {
            "in_force": in_force.standing().book.fingerprint,
            "since": kept.since.isoformat() if kept else None,
            "on_disk": disk.state,
            "faults": [
                {"file": fault.file, "line": fault.line, "message": fault.message, "mend": fault.hint}
                for fault in disk.faults[:FAULTS_SHOWN]
            ],
            "faults_in_all": len(disk.faults),
        },
    }
    return JsonResponse(told, status=200 if answers else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True
