"""Pages of access: parse, call one operation or query, render."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh.access import forms, operations, queries
from panoh.access.answers import refuse
from panoh.access.models import Agreement, Grant, Member, Organisation
from panoh.access.operations.houses import KEEPERS_OF_REGISTERS
from panoh.access.pages import page, signed_in
from panoh.access.roles import ROLES
from panoh.access.verbs import list_verbs, verb_title
from panoh.kernel.problems import Problem
from panoh.rulebook import current

PER_PAGE = 50


def role_titles() -> dict[str, str]:
    """The roles' titles in the reader's language, from the country's data."""
    book = current()
    return {code: book.text(role.titles, get_language()) for code, role in book.country.roles.items()}


def with_role_titles(members: Iterable[Member]) -> Iterable[Member]:
    """The members, each with `role_title` in the reader's language."""
    titles = role_titles()
    for member in members:
        member.role_title = titles.get(member.role, member.role)  # type: ignore[attr-defined]
    return members


def act(request: HttpRequest, form, template: str, then: str, call, **context: object) -> HttpResponse:
    """Show a form, or carry out its act and go on to `then`; a refusal comes back in the form, nothing typed lost."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                call(form.cleaned_data)
            except Problem as problem:
                status = refuse(form, problem)
            else:
                return redirect(then)
    return render(request, template, {"form": form, **context}, status=status)


def bound(form_class, request: HttpRequest, **more: object):
    return form_class(request.POST if request.method == "POST" else None, **more)


@signed_in
@require_http_methods(["GET", "POST"])
def choose_membership(request: HttpRequest) -> HttpResponse:
    """One account may act for several organisations, one at a time."""
    members = list(queries.memberships(request.user.pk))
    if request.method == "POST":
        for member in members:
            if str(member.pk) == request.POST.get("member"):
                request.session["member_id"] = str(member.pk)
                request.session.pop("purpose", None)
                return redirect("home")
    return render(request, "access/membership_choose.html", {"members": with_role_titles(members)})


@page("access.home.read")
@require_POST
def choose_purpose(request: HttpRequest) -> HttpResponse:
    """The purpose of the work decides which files are open; only those of the role can be chosen."""
    purpose = request.POST.get("purpose", "")
    if purpose in ROLES[request.actor.role].purposes:
        request.session["purpose"] = purpose
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=settings.HTTPS)
    # An address, never the name of a route: `redirect` would try to reverse "household".
    return HttpResponseRedirect(target if safe and target.startswith("/") else reverse("home"))


@page("access.organisation.read")
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """Who works with the register, where, and which agreements open which files to whom."""
    today = timezone.localdate()
    agreements = list(
        Agreement.objects.select_related("giver", "receiver").order_by("giver__code", "receiver__code", "-valid_from")
    )
    for agreement in agreements:
        agreement.purpose_titles = [forms.PURPOSE_TITLES[purpose] for purpose in agreement.purposes]
        agreement.class_titles = [forms.CLASS_TITLES[name] for name in agreement.field_classes]
    administrators = Member.objects.filter(organisation=OuterRef("pk"), role="administrator")
    listed = list(
        Organisation.objects.annotate(has_administrator=Exists(administrators))
        .prefetch_related("offices")
        .order_by("kind", "code")
    )
    for organisation in listed:
        organisation.kind_title = forms.KIND_TITLES[organisation.kind]
    return render(
        request,
        "access/organisations.html",
        {
            "organisations": listed,
            "agreements": agreements,
            "today": today,
            "may_change": request.actor.role == "administrator",
            "may_bring_in": request.actor.organisation_kind in KEEPERS_OF_REGISTERS,
            "own": request.actor.organisation_id,
        },
    )


@page("access.organisation.add")
@require_http_methods(["GET", "POST"])
def organisation_add(request: HttpRequest) -> HttpResponse:
    form = bound(forms.OrganisationForm, request)

    def call(given: dict) -> None:
        operations.add_organisation(
            by=request.actor,
            code=given["code"],
            kind=given["kind"],
            country=given["country"],
            titles=form.titles(),
            valid_from=given["valid_from"],
        )

    return act(request, form, "access/form.html", "organisations", call, heading=_("Add an organisation"))


@page("access.organisation.add")
@require_http_methods(["GET", "POST"])
def office_add(request: HttpRequest, code: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, code=code)
    form = bound(forms.OfficeForm, request)

    def call(given: dict) -> None:
        if given["place"] not in current().places:
            raise Problem("access.form.value", field="place", why=given["place"])
        operations.add_office(
            by=request.actor,
            organisation=organisation,
            code=given["code"],
            prefix=given["prefix"],
            place=given["place"],
            titles=form.titles(),
            valid_from=given["valid_from"],
        )

    return act(request, form, "access/form.html", "organisations", call, heading=_("Add an office"), lead=organisation)


@page("access.agreement.sign")
@require_http_methods(["GET", "POST"])
def agreement_sign(request: HttpRequest) -> HttpResponse:
    form = bound(forms.AgreementForm, request)

    def call(given: dict) -> None:
        operations.sign_agreement(by=request.actor, giver=request.member.organisation, **given)

    return act(
        request,
        form,
        "access/form.html",
        "organisations",
        call,
        heading=_("Enter a sharing agreement"),
        lead=_(
            "From its first day the receiver reads files of your organisation for these purposes, in these kinds of information."
        ),
    )


@page("access.agreement.end")
@require_http_methods(["GET", "POST"])
def agreement_end(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    agreement = get_object_or_404(Agreement.objects.select_related("giver", "receiver"), pk=agreement_id)
    form = bound(forms.EndForm, request)

    def call(given: dict) -> None:
        operations.end_agreement(by=request.actor, agreement=agreement, valid_to=given["valid_to"])

    return act(
        request,
        form,
        "access/form.html",
        "organisations",
        call,
        heading=_("End a sharing agreement"),
        lead=agreement.reference,
    )


@page("access.member.read")
@require_GET
def members(request: HttpRequest) -> HttpResponse:
    listed = Member.objects.select_related("account", "organisation", "office").order_by(
        "organisation__code", "account__name", "id"
    )
    shown = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    with_role_titles(shown)
    return render(
        request,
        "access/members.html",
        {
            "page": shown,
            "today": timezone.localdate(),
            "may_change": request.actor.role == "administrator",
            "own": request.actor.organisation_id,
        },
    )


@page("access.member.add")
@require_http_methods(["GET", "POST"])
def member_add(request: HttpRequest) -> HttpResponse:
    form = bound(forms.MemberForm, request, role_titles=role_titles(), own=request.actor.organisation_id)

    def call(given: dict) -> None:
        account = given["colleague"] or operations.add_account(
            by=request.actor, username=given["username"], name=given["name"], password=given["password"]
        )
        operations.add_member(
            by=request.actor,
            account=account,
            organisation=given["organisation"],
            office=given["office"],
            role=given["role"],
            valid_from=given["valid_from"],
            valid_to=given["valid_to"],
        )

    return act(request, form, "access/form.html", "members", call, heading=_("Add a member"))


@page("access.member.end")
@require_http_methods(["GET", "POST"])
def member_end(request: HttpRequest, member_id: UUID) -> HttpResponse:
    member = get_object_or_404(Member.objects.select_related("account"), pk=member_id)
    form = bound(forms.EndForm, request)

    def call(given: dict) -> None:
        operations.end_member(by=request.actor, member=member, valid_to=given["valid_to"])

    return act(
        request, form, "access/form.html", "members", call, heading=_("End a membership"), lead=member.account.name
    )


@page("access.account.renew")
@require_http_methods(["GET", "POST"])
def account_renew(request: HttpRequest, member_id: UUID) -> HttpResponse:
    member = get_object_or_404(Member.objects.select_related("account"), pk=member_id)
    form = bound(forms.RenewForm, request)

    def call(given: dict) -> None:
        operations.renew_account(
            by=request.actor, account=member.account, password=given["password"], reason=given["reason"]
        )

    return act(
        request, form, "access/form.html", "members", call, heading=_("Set a sign-in anew"), lead=member.account.name
    )


@page("access.reading.read")
@require_GET
def readings(request: HttpRequest) -> HttpResponse:
    """Who opened which file, latest first; pages by the time of the last line, so that new lines do not shift them."""
    listed = queries.list_readings()
    before = request.GET.get("before", "")
    if before:
        try:
            listed = listed.filter(read_at__lt=timezone.datetime.fromisoformat(before))
        except ValueError:
            raise Problem("access.form.value", field="before", why=before) from None
    rows = list(listed[: PER_PAGE + 1])
    for reading in rows:
        reading.verb_title = verb_title(reading.verb)
    return render(
        request,
        "access/readings.html",
        {"readings": rows[:PER_PAGE], "before": rows[PER_PAGE - 1].read_at.isoformat() if len(rows) > PER_PAGE else ""},
    )


@page("access.override.review")
@require_GET
def emergencies(request: HttpRequest) -> HttpResponse:
    """Emergency openings that still need another pair of eyes."""
    return render(request, "access/emergencies.html", {"grants": queries.list_overrides_to_review()})


@page("access.override.review")
@require_http_methods(["GET", "POST"])
def emergency_review(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    grant = get_object_or_404(Grant.objects.select_related("member__account"), pk=grant_id, basis=Grant.OVERRIDE)
    form = bound(forms.ReviewForm, request)

    def call(given: dict) -> None:
        operations.review_override(by=request.actor, grant=grant, justified=given["justified"], remark=given["remark"])

    return act(
        request, form, "access/form.html", "emergencies", call, heading=_("Review emergency access"), lead=grant.reason
    )


@page("access.token.make")
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The member's own tokens; a new one is shown on the answer that made it, and never again."""
    form, status, made = bound(forms.TokenForm, request), 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = operations.make_token(by=request.actor, **form.cleaned_data)[1]
            except Problem as problem:
                status = refuse(form, problem)
            else:
                status = 200
    asked = request.build_absolute_uri(reverse("api_persons") + "?query=Mohammad+Naim&birth_year=1365")
    context = {
        "form": form,
        "made": made,
        "tokens": queries.list_tokens(request.actor),
        "today": timezone.localdate(),
        "example": f'curl -H "Authorization: Bearer TOKEN" "{asked}"',
    }
    return render(request, "access/tokens.html", context, status=status)


@page("access.token.end")
@require_POST
def token_end(request: HttpRequest, token_id: UUID) -> HttpResponse:
    operations.end_token(by=request.actor, token_id=token_id)
    return redirect("tokens")


@page("access.policy.read")
@require_GET
def policy_page(request: HttpRequest) -> HttpResponse:
    """Role × verb as a table that anyone in the operation can read."""
    titles = role_titles()
    return render(
        request,
        "access/policy.html",
        {"verbs": [(verb, [titles.get(r, r) for r in sorted(verb.roles)]) for verb in list_verbs()]},
    )
