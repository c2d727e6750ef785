"""The case and the persons in it."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from panoh.kernel.ids import new_id


class Case(models.Model):
    """One household's or person's way through one procedure, on one track, under the version it was opened in.

    `state` is a code of that version's states. `version` is the number of the last step: whoever acts names the version
    she saw, so that two people who act on the same page do not overwrite each other.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    procedure = models.SlugField(max_length=60)
    procedure_version = models.PositiveIntegerField()
    track = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=60)
    household = models.ForeignKey(
        "registry.Household", null=True, blank=True, on_delete=models.PROTECT, related_name="cases",
        help_text="empty where the case is about nobody's file: a complaint that came without a name",
    )  # fmt: skip
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        "access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_cases"
    )
    opened_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="opened_cases"
    )
    confined = models.BooleanField(default=False, help_text="only the organisation that runs the case sees it")
    hidden_from = models.ForeignKey(
        "access.Office", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="the office whose people never see the case, because it is about one of them",
    )  # fmt: skip
    heard_with = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="heard_together",
        help_text="the case that leads those which are heard together: next to each other on an agenda",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "procedures_case"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="case_closed_after_opened"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="case_version_counts"),
        ]
        indexes = [
            models.Index(fields=["organisation", "procedure", "state"], name="case_by_state"),
            models.Index(fields=["household"], name="case_household"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def hearing(self) -> UUID:
        """What the cases that are heard together have in common: the id of the one that leads them."""
        return self.heard_with_id or self.pk

    @property
    def closing(self) -> dict[str, UUID]:
        """What an entry about the case bears in its payload where only the organisation that runs it may know of it."""
        return {"closed_case": self.pk} if self.confined else {}


class CasePerson(models.Model):
    """A person in a case: with an application line of his own, or listed in that of a parent or guardian.

    `open_slot` names procedure and track while the case is open, so that the database itself refuses a second open case
    of the same kind for the same person.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="persons")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="case_lines")
    position = models.PositiveSmallIntegerField()
    own_line = models.BooleanField(help_text="applies for himself; else listed in the line of `listed_with`")
    listed_with = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="listed")
    outcome = models.CharField(max_length=60, blank=True)
    grounds = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    open_slot = models.CharField(max_length=110, null=True, blank=True)

    class Meta:
        db_table = "procedures_caseperson"
        constraints = [
            models.UniqueConstraint(fields=["case", "person"], name="caseperson_once"),
            models.UniqueConstraint(
                fields=["person", "open_slot"], condition=Q(open_slot__isnull=False), name="caseperson_one_open_case"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_on__isnull=True) | (~Q(outcome="") & Q(outcome_on__isnull=False)),
                name="caseperson_outcome_has_day",
            ),
            models.CheckConstraint(
                condition=Q(own_line=True, listed_with__isnull=True) | Q(own_line=False),
                name="caseperson_own_line_stands_alone",
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.position}"
