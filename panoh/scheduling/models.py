"""Missions as they are kept: where and when, who interviews, which cases wait, the plans, and who is seen at which hour.

Whether an interview took place is not kept here: it stands in the case, by acts of its procedure.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from panoh.kernel.ids import new_id
from panoh.rulebook.interview import URGENCIES

SEXES = ["F", "M"]


class Mission(models.Model):
    """Interviews that are laid out together: a circuit ride of a receiving country, an office's fortnight.

    `procedure` and `kind` name the rule of the rulebook. Working hours are those of every day of the mission.
    """

    PREPARED, RUNNING, CLOSED, CALLED_OFF = "prepared", "running", "closed", "called_off"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    procedure = models.SlugField(max_length=60)
    procedure_version = models.PositiveIntegerField()
    kind = models.SlugField(max_length=60)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=20, default=PREPARED)
    morning_from = models.TimeField()
    morning_to = models.TimeField()
    afternoon_from = models.TimeField(null=True, blank=True)
    afternoon_to = models.TimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(help_text="of an interview with one adult")
    minutes_more = models.PositiveSmallIntegerField(help_text="for each further adult")
    made_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "scheduling_mission"
        db_table_comment = "Interviews that are laid out together: a circuit ride, an office's fortnight."
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "running", "closed", "called_off"]), name="mission_state_known"
            ),
            models.CheckConstraint(
                condition=Q(afternoon_from__isnull=True, afternoon_to__isnull=True)
                | Q(afternoon_from__isnull=False, afternoon_to__isnull=False),
                name="mission_afternoon_whole",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-made_on"], name="mission_of_organisation")]

    def __str__(self) -> str:
        return self.number


class Stay(models.Model):
    """Where the mission is, from the first to the last day, and how many interviews can be held at once there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="stays")
    place = models.CharField(max_length=20)
    venue = models.CharField(max_length=200)
    first = models.DateField()
    last = models.DateField()
    rooms = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "scheduling_stay"
        db_table_comment = "Where a mission is on which days, with how many rooms."
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="stay_days_in_order"),
            models.CheckConstraint(condition=Q(rooms__gte=1), name="stay_has_a_room"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.first}"


class Interviewer(models.Model):
    """An officer or an interpreter of a mission, by name: those of a receiving country are members of nothing here."""

    OFFICER, INTERPRETER = "officer", "interpreter"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="interviewers")
    part = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    sex = models.CharField(max_length=1)
    languages = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    absent = ArrayField(models.DateField(), default=list, blank=True)

    class Meta:
        db_table = "scheduling_interviewer"
        db_table_comment = "Officers and interpreters of a mission, with the languages they interview in."
        ordering = ["part", "name"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "name"], name="interviewer_name_once"),
            models.CheckConstraint(condition=Q(part__in=["officer", "interpreter"]), name="interviewer_part_known"),
            models.CheckConstraint(condition=Q(sex__in=SEXES), name="interviewer_sex_known"),
        ]

    def __str__(self) -> str:
        return self.name


class ListedCase(models.Model):
    """A case on the list of a mission, with what the plan needs to know of it. Taken off, it keeps its row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="listed")
    case = models.ForeignKey("procedures.Case", on_delete=models.PROTECT, related_name="missions")
    place = models.CharField(max_length=20)
    language = models.CharField(max_length=20)
    minutes = models.PositiveSmallIntegerField()
    urgency = models.CharField(max_length=20, default="normal")
    officer_sex = models.CharField(max_length=1, blank=True)
    interpreter_sex = models.CharField(max_length=1, blank=True)
    earliest = models.DateField(null=True, blank=True)
    latest = models.DateField(null=True, blank=True)
    together = models.CharField(max_length=40, blank=True, help_text="a word that relatives share who come on one day")
    taken_off = models.BooleanField(default=False)

    class Meta:
        db_table = "scheduling_listedcase"
        db_table_comment = "Cases that wait for an interview of a mission."
        constraints = [
            models.UniqueConstraint(fields=["mission", "case"], name="listedcase_once"),
            models.CheckConstraint(condition=Q(urgency__in=URGENCIES), name="listedcase_urgency_known"),
            models.CheckConstraint(
                condition=Q(officer_sex__in=["", *SEXES], interpreter_sex__in=["", *SEXES]), name="listedcase_sex_known"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="listedcase_has_length"),
        ]
        indexes = [models.Index(fields=["case"], name="listedcase_case")]

    def __str__(self) -> str:
        return f"{self.mission_id} {self.case_id}"


class Plan(models.Model):
    """One plan of a mission: asked for, worked out after the answer, looked at, then confirmed by a person or put away.

    `how`: laid out from nothing, gaps filled around who did not come (nobody else is moved), what is still to come laid
    out anew, or all of that called off.
    `value` and `bound`: what it is worth, and the most that any plan could be worth; the gap between them is told.
    """

    LAY_OUT, FILL, ANEW, CALL_OFF = "lay_out", "fill", "anew", "call_off"
    WAITS, PROPOSED, CONFIRMING, CONFIRMED, REPLACED, PUT_AWAY, REFUSED = (
        "waits", "proposed", "confirming", "confirmed", "replaced", "put_away", "refused",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=10)
    state = models.CharField(max_length=12, default=WAITS)
    asked_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    purpose = models.CharField(max_length=20)
    seconds = models.PositiveSmallIntegerField(help_text="the longest time to look for a better plan")
    began_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    value = models.FloatField(null=True, blank=True)
    bound = models.FloatField(null=True, blank=True)
    spent = models.FloatField(null=True, blank=True, help_text="seconds that were needed")
    answers = models.JSONField(default=dict, blank=True, help_text="what was answered once for every case")
    appointments_sha256 = models.CharField(max_length=64, blank=True)
    refusal = models.JSONField(null=True, blank=True)

    class Meta:
        db_table = "scheduling_plan"
        db_table_comment = "Plans of missions, and how far the work on each is."
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "number"], name="plan_number_once"),
            models.UniqueConstraint(fields=["mission"], condition=Q(state="confirmed"), name="plan_one_confirmed"),
            models.UniqueConstraint(
                fields=["mission"], condition=Q(state__in=["waits", "proposed", "confirming"]), name="plan_one_at_work"
            ),
            models.CheckConstraint(condition=Q(how__in=["lay_out", "fill", "anew", "call_off"]), name="plan_how_known"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waits", "proposed", "confirming", "confirmed", "replaced", "put_away", "refused"]
                ),
                name="plan_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state__in=["waits", "confirming"]), name="plan_to_be_worked_on"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mission_id}/{self.number}"

    @property
    def gap(self) -> float:
        """The share of the best possible value that this plan may miss."""
        if not self.bound:
            return 0.0
        return max(self.bound - (self.value or 0.0), 0.0) / self.bound


class Appointment(models.Model):
    """Who is seen at which hour in a plan. `step` is the act by which the family was called, once the plan is confirmed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="appointments")
    listed = models.ForeignKey(ListedCase, on_delete=models.PROTECT, related_name="appointments")
    day = models.DateField()
    session = models.PositiveSmallIntegerField()
    starts = models.PositiveSmallIntegerField(help_text="minutes from midnight")
    minutes = models.PositiveSmallIntegerField()
    room = models.PositiveSmallIntegerField()
    officer = models.ForeignKey(Interviewer, on_delete=models.PROTECT, related_name="+")
    interpreter = models.ForeignKey(Interviewer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    step = models.ForeignKey("procedures.Step", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    refusal = models.CharField(max_length=120, blank=True, help_text="why the family could not be called")

    class Meta:
        db_table = "scheduling_appointment"
        db_table_comment = "The interviews of a plan."
        ordering = ["day", "starts", "room"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "listed"], name="appointment_once"),
            models.UniqueConstraint(fields=["plan", "day", "starts", "room"], name="appointment_room_once"),
            models.UniqueConstraint(fields=["plan", "day", "starts", "officer"], name="appointment_officer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts} {self.room}"

    @property
    def ends(self) -> int:
        return self.starts + self.minutes
