"""Sittings: who met, on what, how they voted."""

from django.db import models
from django.db.models import Q

from panoh.kernel.ids import new_id


class Sitting(models.Model):
    """One meeting of a body that decides cases, under the rules that the procedure gives for this kind of sitting."""

    CONVENED, OPEN, CLOSED, CANCELLED = "convened", "open", "closed", "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    procedure = models.SlugField(max_length=60)
    procedure_version = models.PositiveIntegerField()
    kind = models.SlugField(max_length=60)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    place = models.CharField(max_length=200)
    state = models.CharField(max_length=20, default=CONVENED)
    quorum_needed = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum_present = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "procedures_sitting"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["convened", "open", "closed", "cancelled"]), name="sitting_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["convened", "cancelled"])
                | Q(quorum_needed__isnull=False, quorum_present__gte=models.F("quorum_needed")),
                name="sitting_opened_with_quorum",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-on"], name="sitting_of_organisation")]

    def __str__(self) -> str:
        return self.number


class Attendance(models.Model):
    """A line of the attendance list: who took which of the seats that the rulebook names (`place`).

    `seat` is what the member is there for today: when the chair is absent, a voting member of another place may lead.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="attendance")
    member = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=20)
    place = models.SlugField(max_length=60)
    present = models.BooleanField(default=False)

    class Meta:
        db_table = "procedures_attendance"
        constraints = [
            models.UniqueConstraint(fields=["sitting", "member"], name="attendance_once"),
            models.UniqueConstraint(
                fields=["sitting"], condition=Q(seat="chair", present=True), name="attendance_one_chair"
            ),
            models.UniqueConstraint(
                fields=["sitting", "place"], condition=Q(present=True), name="attendance_one_for_a_place"
            ),
            models.CheckConstraint(
                condition=Q(seat__in=["chair", "member", "secretary", "observer"]), name="attendance_seat_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.seat}"


class AgendaItem(models.Model):
    """A case on the agenda. What is done with it is the motion that is carried.

    A case that is taken off before the sitting opens keeps its row, without a place: nothing is deleted here.
    """

    WAITING, DECIDED, DEFERRED, REMOVED = "waiting", "decided", "deferred", "removed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey("procedures.Case", on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=20, default=WAITING)
    note = models.CharField(max_length=500, blank=True, help_text="why it was deferred")
    step = models.OneToOneField(
        "procedures.Step", null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_item"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "procedures_agendaitem"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "case"], name="agendaitem_case_once"),
            models.UniqueConstraint(
                fields=["sitting", "position"], name="agendaitem_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(outcome="removed", position__isnull=True)
                | Q(outcome__in=["waiting", "decided", "deferred"], position__isnull=False),
                name="agendaitem_has_a_place_until_removed",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(outcome="waiting"), name="agendaitem_one_waiting_for_a_case"
            ),
            models.CheckConstraint(
                condition=Q(outcome="decided", step__isnull=False) | (~Q(outcome="decided") & Q(step__isnull=True)),
                name="agendaitem_decided_by_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.position}"


class Conflict(models.Model):
    """A member's conflict of interest on one item: he neither votes on it nor counts for its quorum."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="conflicts")
    member = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)

    class Meta:
        db_table = "procedures_conflict"
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="conflict_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.member_id}"


class Motion(models.Model):
    """What is put to the vote on an item: an act, and the answers for the case and each person that would be decided.

    A motion that falls or was put by mistake stays on record; another one may be put in the next round.
    """

    OPEN, CARRIED, FALLEN, WITHDRAWN = "open", "carried", "fallen", "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="motions")
    round = models.PositiveSmallIntegerField()
    action = models.SlugField(max_length=60)
    facts = models.JSONField(default=dict, blank=True)
    persons = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=20, default=OPEN)
    in_favour = models.PositiveSmallIntegerField(null=True, blank=True)
    against = models.PositiveSmallIntegerField(null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(null=True, blank=True)
    by_chair = models.BooleanField(default=False)
    put_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "procedures_motion"
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["item", "round"], name="motion_round_once"),
            models.UniqueConstraint(fields=["item"], condition=Q(state="open"), name="motion_one_open"),
            models.UniqueConstraint(fields=["item"], condition=Q(state="carried"), name="motion_one_carried"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "carried", "fallen", "withdrawn"]), name="motion_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} round {self.round}"


class Vote(models.Model):
    """One member's vote on a motion. Append-only: whoever changes it before the count votes again, and the latest turn counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField(default=1)
    value = models.CharField(max_length=10)
    written_by = models.ForeignKey("access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "procedures_vote"
        ordering = ["turn"]
        constraints = [
            models.UniqueConstraint(fields=["motion", "member", "turn"], name="vote_once_each_turn"),
            models.CheckConstraint(condition=Q(value__in=["for", "against", "abstain"]), name="vote_value_known"),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id} {self.value}"


class PanelScore(models.Model):
    """That a member has scored an item. Append-only: whoever changes her score gives another, and the latest turn counts.

    What she gave stands apart, so that everybody may see who has scored and nobody what, before the scoring is closed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="scores")
    member = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField(default=1)

    class Meta:
        db_table = "procedures_panelscore"
        ordering = ["turn"]
        constraints = [
            models.UniqueConstraint(fields=["item", "member", "turn"], name="panelscore_once_each_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.member_id}"


class PanelMarks(models.Model):
    """The marks of one score, by criterion. Read by its giver alone until the scoring of the sitting is closed."""

    score = models.OneToOneField(PanelScore, primary_key=True, on_delete=models.PROTECT, related_name="marks")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    given = models.JSONField()

    class Meta:
        db_table = "procedures_panelmarks"

    def __str__(self) -> str:
        return str(self.score_id)


class Ranking(models.Model):
    """The scoring of a sitting, closed: how many places there were, and the order. From here on nothing is scored any more."""

    sitting = models.OneToOneField(Sitting, primary_key=True, on_delete=models.PROTECT, related_name="ranking")
    sheet = models.CharField(max_length=60)
    places = models.JSONField()
    lines = models.JSONField(help_text="item, rank, score, outcome, apart_by, equal, in the order of the ranks")
    closed_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()

    class Meta:
        db_table = "procedures_ranking"

    def __str__(self) -> str:
        return str(self.sitting_id)
