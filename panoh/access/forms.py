"""What the pages of access ask for. Parsing only; every rule stands in the operations."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panoh.access.days import DayField
from panoh.access.models import Account, Office, Organisation
from panoh.access.roles import FIELD_CLASSES, ORGANISATION_KINDS, PURPOSES, ROLES
from panoh.rulebook import current

KIND_TITLES = {
    "authority": _("Authority of a state"),
    "un": _("United Nations, asylum"),
    "ngo": _("Legal aid organisation"),
    "partner": _("Assistance partner"),
}
PURPOSE_TITLES = {
    "asylum": _("Asylum procedure"),
    "protection": _("Protection"),
    "assistance": _("Assistance"),
    "statistics": _("Statistics"),
    "administration": _("Administration"),
    "audit": _("Audit"),
    "legal_aid": _("Legal aid"),
}
CLASS_TITLES = {
    "open": _("Open fields of the file"),
    "identity": _("Names, birth, papers"),
    "contact": _("Telephone"),
    "residence": _("Where the person lives"),
    "religion_ethnicity": _("Religion and ethnicity"),
    "narrative": _("What the person told"),
    "needs": _("Specific needs"),
    "needs_restricted": _("Restricted specific needs"),
    "protection": _("Protection file"),
}


def day_field(label: object, **more: object) -> forms.DateField:
    return DayField(label=label, **more)


class TitledChoice(forms.ModelChoiceField):
    """One of the things that have titles (organisations, offices), by its title in the reader's language."""

    def __init__(self, queryset: QuerySet, **more: object) -> None:
        super().__init__(queryset, empty_label=_("choose"), **more)

    def label_from_instance(self, thing: Any) -> str:
        return current().text(thing.titles, get_language() or "en")


class TitlesMixin(forms.Form):
    """A name in four languages; the English one stands in for those left empty."""

    title_en = forms.CharField(label=_("Name in English"), max_length=200)
    title_ru = forms.CharField(label=_("Name in Russian"), max_length=200, required=False)
    title_tg = forms.CharField(label=_("Name in Tajik"), max_length=200, required=False)
    title_prs = forms.CharField(label=_("Name in Dari"), max_length=200, required=False)

    def titles(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"title_{language}"] for language in ("en", "ru", "tg", "prs")}


class OrganisationForm(TitlesMixin):
    code = forms.SlugField(label=_("Short code"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind, KIND_TITLES[kind]) for kind in ORGANISATION_KINDS])
    country = forms.RegexField(
        label=_("State it answers to (three letters; authorities only)"), regex=r"^[A-Z]{3}$", required=False
    )
    valid_from = day_field(_("From"), initial=timezone.localdate)


class OfficeForm(TitlesMixin):
    code = forms.SlugField(label=_("Short code"), max_length=40)
    prefix = forms.RegexField(
        label=_("Number prefix"),
        regex=r"^[0-9A-Z]{2,4}$",
        help_text=_("Starts the numbers given at this office; never used twice."),
    )
    place = forms.CharField(label=_("District code"), max_length=20)
    valid_from = day_field(_("From"), initial=timezone.localdate)


class AgreementForm(forms.Form):
    """What the actor's own organisation opens to another one."""

    receiver = TitledChoice(label=_("Who receives"), queryset=Organisation.objects.order_by("code"))
    reference = forms.CharField(label=_("Reference of the signed text"), max_length=120)
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"), choices=[(p, PURPOSE_TITLES[p]) for p in PURPOSES], widget=forms.CheckboxSelectMultiple
    )
    field_classes = forms.MultipleChoiceField(
        label=_("What may be read"),
        choices=[(c, CLASS_TITLES[c]) for c in FIELD_CLASSES],
        widget=forms.CheckboxSelectMultiple,
    )
    needs_consent = forms.BooleanField(label=_("Only files whose people have consented"), required=False, initial=True)
    valid_from = day_field(_("From"), initial=timezone.localdate)
    valid_to = day_field(_("Until (not included)"), required=False)


class EndForm(forms.Form):
    valid_to = day_field(_("Ends on"), initial=timezone.localdate)


class MemberForm(forms.Form):
    """A new member: a new account, or one more role for a colleague who has an account already (`cleaned_data["colleague"]`)."""

    username = forms.SlugField(
        label=_("Sign-in name"),
        max_length=80,
        help_text=_("Of a colleague who signs in already: leave name and password empty, and the role is added."),
    )
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    password = forms.CharField(
        label=_("First password"),
        required=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. The member adds a second factor when signing in for the first time."),
    )
    organisation = TitledChoice(label=_("Organisation"), queryset=Organisation.objects.order_by("code"))
    office = TitledChoice(
        label=_("Office"), queryset=Office.objects.select_related("organisation").order_by("code"), required=False
    )
    role = forms.ChoiceField(label=_("Role"))
    valid_from = day_field(_("From"), initial=timezone.localdate)
    valid_to = day_field(_("Until (not included)"), required=False)

    def __init__(self, *args: object, role_titles: dict[str, str], own: UUID, **more: object) -> None:
        super().__init__(*args, **more)
        self.own = own
        mine = Organisation.objects.filter(Q(pk=own) | ~Q(members__role="administrator")).order_by("code")
        self.fields["organisation"].queryset, self.fields["organisation"].initial = mine, own
        self.fields["office"].queryset = self.fields["office"].queryset.filter(organisation_id=own)
        for name in ("name", "password"):  # left empty only for a colleague: not "if known"
            self.fields[name].left_empty_for_a_reason = True
        self.fields["role"].choices = [(code, role_titles.get(code, code)) for code in ROLES]

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        given["colleague"] = None
        if given.get("username") and not given.get("password"):
            colleagues = Account.objects.filter(memberships__organisation_id=self.own, username=given["username"])
            given["colleague"] = colleagues.first()
            if given["colleague"] is None:
                self.add_error(
                    "password", _("Nobody of your organisation signs in by this name: give a first password.")
                )
        elif not given.get("name"):
            self.add_error("name", _("Give the name of the new member."))
        return given


class RenewForm(forms.Form):
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Tell it in person. The member must choose another at once and add a second factor anew; "
            "all sessions end now, and the entry in the ledger names you."
        ),
    )
    reason = forms.CharField(
        label=_("Why, and how you made sure who asked"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


def _in_three_months() -> date:
    return timezone.localdate() + timedelta(days=90)


class TokenForm(forms.Form):
    label = forms.CharField(label=_("What the program is for"), max_length=80)
    valid_to = day_field(_("Until (not included)"), initial=_in_three_months)


class ReviewForm(forms.Form):
    justified = forms.TypedChoiceField(
        label=_("Was it justified?"),
        choices=[("yes", _("Yes")), ("no", _("No, close it now"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
