"""What the pages of papers ask for. Parsing only; every rule stands in the operations."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panoh.access.days import DayField
from panoh.access.models import Office
from panoh.papers.kinds import get_kind, list_kinds
from panoh.papers.models import LOST, SPOILED
from panoh.papers.operations.confirming import REFUSAL_REASONS
from panoh.papers.operations.ending import REPLACEMENT_REASONS, REVOCATION_REASONS
from panoh.papers.operations.stock import LARGEST_DELIVERY, LOSS_REASONS, SPOIL_REASONS
from panoh.rulebook import current

REASON_TITLES = {
    "misprint": _("Misprint"),
    "damaged": _("Damaged"),
    "wet": _("Wet or soiled"),
    "void_at_delivery": _("Faulty at delivery"),
    "missing_at_count": _("Missing at the count"),
    "lost_in_transport": _("Lost in transport"),
    "stolen": _("Stolen"),
    "wrong_data": _("Something on it is wrong"),
    "wrong_person": _("Made out to the wrong person"),
    "not_entitled": _("The person is not entitled to it"),
    "photo": _("The photo is not good"),
    "other": _("Another reason"),
    "record_closed": _("The record was closed"),
    "status_ended": _("The status has ended"),
    "issued_in_error": _("Issued in error"),
    "fraud": _("Obtained by deceit, or forged"),
    "lost": _("Lost by the holder"),
    "spoiled": _("Misprinted, still at the office"),
    "data_changed": _("What stands on it has changed"),
    "renewed": _("Renewed"),
}


def reasons(codes: tuple[str, ...]) -> list[tuple[str, object]]:
    return [("", _("Choose")), *((code, REASON_TITLES[code]) for code in codes)]


def kind_title(code: str) -> str:
    kind = get_kind(code)
    return kind.titles.get(get_language() or "en") or kind.titles["en"]


def language_choices() -> list[tuple[str, object]]:
    names = {"en": _("English"), "ru": _("Russian"), "tg": _("Tajik"), "prs": _("Dari")}
    return [(language, names[language]) for language in current().country.languages]


def day_field(label: object, **more: object) -> forms.DateField:
    return DayField(label=label, **more)


class ReceiveForm(forms.Form):
    """A delivery of forms."""

    kind = forms.ChoiceField(label=_("Kind of certificate"))
    first = forms.IntegerField(label=_("First serial"), min_value=1, help_text=_("The number without its letters."))
    last = forms.IntegerField(
        label=_("Last serial"),
        min_value=1,
        help_text=_("At most %(most)s forms in one delivery.") % {"most": LARGEST_DELIVERY},
    )
    office = forms.ModelChoiceField(
        label=_("For which office"),
        queryset=Office.objects.none(),
        required=False,
        empty_label=_("Any office of the organisation"),
    )
    received_on = day_field(_("Received on"), initial=timezone.localdate)
    delivery_note = forms.CharField(label=_("Delivery note"), max_length=120, required=False)

    def __init__(self, *args: object, organisation_id: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(kind.code, kind_title(kind.code)) for kind in list_kinds(accountable=True)]
        self.fields["office"].queryset = Office.objects.filter(organisation_id=organisation_id).order_by("code")


class SpoilForm(forms.Form):
    """A sheet that is spoiled or lost before it was issued."""

    serial = forms.CharField(label=_("Serial on the form"), max_length=16)
    outcome = forms.ChoiceField(
        label=_("What happened"), choices=[(SPOILED, _("Spoiled")), (LOST, _("Lost"))], widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=reasons(SPOIL_REASONS + LOSS_REASONS))


class PrepareForm(forms.Form):
    """A paper for a person; family members can be written into a certificate."""

    kind = forms.ChoiceField(label=_("Which paper"))
    language = forms.ChoiceField(label=_("Language of the family"), help_text=_("Every paper stands in Tajik as well."))
    valid_from = day_field(_("Good from"), initial=timezone.localdate)
    valid_until = day_field(_("Last day on which it is good"))
    holders = forms.MultipleChoiceField(
        label=_("Family members entered in it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, members: list[tuple[str, str]], **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(kind.code, kind_title(kind.code)) for kind in list_kinds(accountable=True)]
        self.fields["language"].choices = language_choices()
        if members:
            self.fields["holders"].choices = members
        else:
            del self.fields["holders"]


class ReasonForm(forms.Form):
    """An act that needs a reason; `version` is that of the paper as it was seen."""

    reason = forms.ChoiceField(label=_("Reason"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, codes: tuple[str, ...], **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["reason"].choices = reasons(codes)


REASONS_OF = {"refuse": REFUSAL_REASONS, "revoke": REVOCATION_REASONS, "replace": REPLACEMENT_REASONS}


class CheckForm(forms.Form):
    """The text of a square, for those whose browser has no JavaScript."""

    text = forms.CharField(
        label=_("Text of the square"),
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off", "dir": "ltr"}
        ),
        help_text=_("It begins with PANOHP1: or PANOH1: and is read by any scanner of QR codes."),
    )
