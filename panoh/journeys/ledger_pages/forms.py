"""What the ledger's pages ask for. Parsing only."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from panoh.access.days import DayField
from panoh.ledger import queries
from panoh.ledger.kinds import kind_title
from panoh.ledger.receipt import LONGEST

EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)


class EntryFilterForm(forms.Form):
    """Which entries the list shows."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    day = DayField(
        label=_("Recorded on"),
        required=False,
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)
        kinds = sorted((str(kind_title(kind)), kind) for kind in queries.list_kinds())
        self.fields["kind"].choices = [("", _("everything")), *((kind, title) for title, kind in kinds)]


class ReceiptForm(forms.Form):
    """The text of a receipt, as a scanner or a mail gives it."""

    text = forms.CharField(
        label=_("Text of the receipt"),
        help_text=_("What the square on the receipt holds: it begins with PANOH1:"),
        max_length=2 * LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "ltr", "spellcheck": "false", "autocomplete": "off"}),
    )
