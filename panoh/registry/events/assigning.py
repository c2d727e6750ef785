"""A file in the hands of a lawyer or programme officer: given, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panoh.access import operations
from panoh.access.models import Grant, Member
from panoh.access.queries import in_force
from panoh.access.roles import ROLES, SCOPE_ASSIGNED
from panoh.ledger.models import Entry
from panoh.registry.events.event import EventForm
from panoh.rulebook import current

ASSIGNED_ROLES = [code for code, role in ROLES.items() if role.scope == SCOPE_ASSIGNED]


@dataclass(frozen=True)
class Recorded:
    """What the page tells of an act whose operation belongs to the room of access."""

    entry: Entry


def shown_member(member: Member) -> str:
    book, language = current(), get_language() or "en"
    role = book.text(book.country.roles[member.role].titles, language)
    return f"{member.account.name}, {book.text(member.organisation.titles, language)} ({role})"


class AssignmentForm(EventForm):
    lead = _(
        "Whoever gets the file reads it as far as her role allows, until it is taken back. Ask the family first, and tell them who it is."
    )
    member = forms.ModelChoiceField(label=_("To whom"), queryset=Member.objects.none(), empty_label=_("choose"))
    agreed = forms.BooleanField(label=_("The family has agreed to it"))
    reason = forms.CharField(label=_("What for"), widget=forms.Textarea(attrs={"rows": 2}), max_length=300)

    def prepare(self) -> None:
        today = timezone.localdate()
        members = Member.objects.filter(in_force(today), role__in=ASSIGNED_ROLES, account__is_active=True)
        field = self.fields["member"]
        field.queryset = members.select_related("account", "organisation").order_by(
            "organisation__code", "account__name"
        )
        field.label_from_instance = shown_member

    def carry_out(self) -> Recorded:
        given = self.cleaned_data
        grant = operations.assign_file(
            by=self.by, household=self.household, member=given["member"], reason=given["reason"]
        )
        return Recorded(Entry.objects.get(pk=grant.entry_id))


class TakeBackForm(EventForm):
    lead = _("The file closes to her at the next page that she opens.")
    grant = forms.ModelChoiceField(label=_("From whom"), queryset=Grant.objects.none(), empty_label=_("choose"))

    def prepare(self) -> None:
        field = self.fields["grant"]
        field.queryset = (
            Grant.objects.filter(household_id=self.household.pk, basis=Grant.ASSIGNMENT, valid_to=None)
            .select_related("member__account", "member__organisation")
            .order_by("valid_from")
        )
        field.label_from_instance = lambda grant: shown_member(grant.member)
        if not field.queryset.exists():
            self.lead = _("Nobody has this file in hand.")

    def carry_out(self) -> Recorded:
        return Recorded(
            operations.end_assignment(by=self.by, household=self.household, grant=self.cleaned_data["grant"])
        )


def anything(_thing: Any) -> bool:
    """A closed file is taken back as well."""
    return True
