"""The public check of papers: one page, its list of keys, and what keeps it working without a network.

Open to anybody and without any context: row-level security shows these views no file at all. They answer with what the
square itself says and whether the paper was withdrawn, and never with anything about a person.
"""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh.access.pages import public
from panoh.kernel.written_days import AFGHAN_MONTHS, GREGORIAN_MONTHS, ascii_digits, calendar_of, write_date
from panoh.papers import checking, keys, token
from panoh.papers.forms import CheckForm
from panoh.papers.kinds import list_kinds
from panoh.rulebook import current

NOBLE = "papers/noble-ed25519-2.4.0.min.js"
KEPT = ("papers/check.js", "papers/square.js", NOBLE, "papers/check.css", "web/panoh.css")
FONTS = ("noto-latin", "noto-cyrillic", "noto-tajik", "vazirmatn-arabic")
PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"


@public
@csrf_exempt  # changes nothing and knows no account: a kept copy of the page must work months later
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The page. With JavaScript it checks by itself, offline too; without, the form comes here."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    today = timezone.localdate()
    found = checking.check_text(form.cleaned_data["text"], today) if form.is_bound and form.is_valid() else None
    kinds, texts = _kind_titles(), _texts()
    answer = render(
        request,
        "papers/check.html",
        {
            "form": form,
            "found": found,
            "kind_title": kinds.get(found.kind, found.kind) if found else "",
            "expired": bool(found and found.valid_until and found.valid_until < today),
            "not_yet": bool(found and found.valid_from and found.valid_from > today),
            "texts": texts,
            "facts": {
                "published": keys.published(),
                "time_zone": current().country.time_zone,
                "kinds": kinds,
                "texts": texts,
                "days": _days(),
                "noble": static(NOBLE),
                "standing_url": reverse("check_standing"),
                "worker_url": reverse("check_worker"),
                "check_url": reverse("check"),
            },
        },
        status=422 if form.is_bound and not form.is_valid() else 200,
    )
    answer["Cache-Control"] = "no-cache"
    return answer


def _days() -> dict[str, object]:
    """How the script writes a day: as the pages do, from the same names of months."""
    language = get_language() or "en"
    calendar = calendar_of(language)
    months = (GREGORIAN_MONTHS if calendar == "gregorian" else AFGHAN_MONTHS)[language]
    sample = ascii_digits(write_date(1444, 1, 22, language, calendar))
    return {
        "calendar": calendar,
        "months": months,
        "pattern": sample.replace("1444", "{y}").replace("22", "{d}").replace(months[0], "{m}"),
        "digits": PERSIAN_DIGITS if language == "prs" else "",
    }


def _kind_titles() -> dict[str, str]:
    language = get_language() or "en"
    return {kind.code: kind.titles.get(language) or kind.titles["en"] for kind in list_kinds()}


def _texts() -> dict[str, str]:
    """The sentences of the script, in the reader's language: they travel in the page, so that it speaks offline too."""
    return {
        "genuine": _("Genuine"),
        "not_genuine": _("Not genuine"),
        "not_genuine_why": _("The text was changed, is incomplete, or was never issued by this register."),
        "unknown_key": _("Signed by a key that this page does not know"),
        "unknown_key_why": _("It may be older than this copy of the page. Load the page again with a network."),
        "in_force_until": _("In force until and including"),
        "dated": _("Dated"),
        "expired": _("Expired. Its last day was"),
        "not_yet": _("Not yet in force. It begins on"),
        "revoked": _("Revoked: no longer good"),
        "replaced": _("Replaced by a newer paper: no longer good"),
        "standing_good": _("Not withdrawn, as of now"),
        "standing_unknown": _("Whether it was withdrawn meanwhile cannot be told without a network."),
        "recorded": _("Recorded on"),
        "fingerprint": _("Fingerprint; it must be the same as on the paper"),
        "photo_mark": _("The line under the photo must read"),
        "photo_same": _("This photo file is the one the paper was issued with."),
        "photo_differs": _("This photo file is another one."),
        "photo_none": _("The paper bears no photo."),
        "camera_off": _("The camera could not be opened. Choose a picture of the square, or paste its text."),
        "nothing_found": _("No square was found in the picture."),
        "scanning": _("Hold the camera to the square."),
    }


@public
@require_GET
def key_list(request: HttpRequest) -> HttpResponse:
    """The public keys: whoever keeps this list can check papers and receipts for ever."""
    answer = JsonResponse(keys.published())
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@public
@csrf_exempt  # as above; and it answers only those who hold a genuine paper
@require_POST
def standing(request: HttpRequest) -> HttpResponse:
    """Whether a genuine paper was withdrawn. The whole square must be shown: numbers cannot be tried out one by one."""
    text = request.POST.get("text", "")
    if len(text) > token.LONGEST:
        return JsonResponse({"outcome": checking.NOT_GENUINE}, status=422)
    found = checking.check_text(text, timezone.localdate())
    answer = JsonResponse({"outcome": found.outcome, "withdrawn": found.withdrawn})
    answer["Cache-Control"] = "no-store"
    return answer


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that keeps the page, its scripts and the keys on the phone."""
    kept = [
        reverse("check"),
        reverse("check_keys"),
        *map(static, KEPT),
        *(static(f"web/fonts/{name}.woff2") for name in FONTS),
    ]
    fingerprint = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:12]
    answer = render(
        request,
        "papers/worker.js",
        {"kept": kept, "check": reverse("check"), "fingerprint": fingerprint},
        content_type="text/javascript; charset=utf-8",
    )
    answer["Cache-Control"] = "no-cache"
    answer["Service-Worker-Allowed"] = reverse("check")
    return answer


@public
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Lets a phone keep the page as an app of its own."""
    return JsonResponse(
        {
            "name": _("Check a paper"),
            "short_name": _("Check"),
            "start_url": reverse("check"),
            "scope": reverse("check"),
            "display": "standalone",
            "lang": get_language() or "en",
            "background_color": "#ffffff",
            "theme_color": "#1f3a7a",
            "icons": [{"src": static("web/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
            "description": str(current().country.titles.get(get_language() or "en", "")),
        },
        content_type="application/manifest+json",
    )
