"""Persons and what is said of each: names and their keys, papers held, needs, profile, photo."""

from django.db import models
from django.db.models import F, Q

from panoh.access.models import Member
from panoh.kernel.calendars import BirthDate
from panoh.kernel.ids import new_id
from panoh.kernel.names import PersonName
from panoh.registry.models.households import CLOSED, OPEN, Household, closed_with_reason

POPULATION_GROUPS = ("", "ASY", "REF", "STA", "OIP", "OOC")


class Person(models.Model):
    """One human being as registered once. Two records may prove to be one person: that is a judgement, not a deletion.

    The birth date is an interval (kernel.births). `population_group` follows from the status changes and is kept here
    so that a page need not add them up.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="persons")
    relationship = models.CharField(max_length=4)
    sex = models.CharField(max_length=1)
    birth_earliest = models.DateField()
    birth_latest = models.DateField()
    birth_precision = models.CharField(max_length=10)
    birth_calendar = models.CharField(max_length=12, default="gregorian")
    birth_estimated = models.BooleanField(default=False)
    nationality = models.CharField(max_length=3)
    origin_place = models.CharField(max_length=100, blank=True)
    marital = models.CharField(max_length=2, blank=True)
    education = models.CharField(max_length=4, blank=True)
    occupation = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, default=OPEN)
    closed_on = models.DateField(null=True, blank=True)
    closure_reason = models.CharField(max_length=40, blank=True)
    population_group = models.CharField(max_length=3, blank=True)
    status_basis = models.CharField(max_length=40, blank=True)
    arrived_on = models.DateField()
    photo_sha256 = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table_comment = (
            "Persons. The birth date is an interval with a precision and a calendar, never a false first of January."
        )
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[OPEN, CLOSED]), name="person_status_known"),
            closed_with_reason("person_closed_with_reason"),
            models.CheckConstraint(condition=Q(sex__in=["M", "F", "U"]), name="person_sex_known"),
            models.CheckConstraint(condition=Q(birth_earliest__lte=F("birth_latest")), name="person_birth_interval"),
            models.CheckConstraint(
                condition=Q(birth_precision__in=["day", "month", "year", "age", "unknown"]),
                name="person_birth_precision",
            ),
            models.CheckConstraint(
                condition=~Q(birth_precision="day") | Q(birth_earliest=F("birth_latest")), name="person_birth_day_exact"
            ),
            models.CheckConstraint(
                condition=Q(birth_calendar__in=["gregorian", "solar_hijri"]), name="person_birth_calendar"
            ),
            models.CheckConstraint(
                condition=Q(population_group__in=list(POPULATION_GROUPS)), name="person_group_known"
            ),
            # Closing a record ends its place in the population; otherwise the tables would count the departed.
            models.CheckConstraint(
                condition=Q(status=OPEN) | Q(population_group=""), name="person_closed_without_group"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relationship="PA", status=OPEN),
                name="person_one_principal_applicant",
            ),
        ]
        indexes = [
            models.Index(fields=["household", "id"], name="person_household"),
            models.Index(fields=["population_group", "id"], name="person_group"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def birth(self) -> BirthDate:
        return BirthDate(
            self.birth_earliest, self.birth_latest, self.birth_precision, self.birth_calendar, self.birth_estimated
        )


class Name(models.Model):
    """One form of a person's name: own in its script, an alias, or proposed by a rule. The form as given is never lost."""

    OWN, ALIAS, PROPOSED = "own", "alias", "proposed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="names")
    role = models.CharField(max_length=10, default=OWN)
    script = models.CharField(max_length=4)
    given = models.CharField(max_length=100)
    father = models.CharField(max_length=100, blank=True)
    grandfather = models.CharField(max_length=100, blank=True)
    family = models.CharField(max_length=100, blank=True)
    patronymic = models.CharField(max_length=100, blank=True)
    tribal = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=20, help_text="who gave this form: told, paper, import, rule")
    rule = models.CharField(max_length=40, blank=True, help_text="the rule that made a proposed form")
    confidence = models.PositiveSmallIntegerField(default=100, help_text="per cent")
    is_primary = models.BooleanField(default=False)

    class Meta:
        db_table_comment = "Forms of a person's name, each in the script it was given in."
        constraints = [
            models.CheckConstraint(condition=Q(role__in=["own", "alias", "proposed"]), name="name_role_known"),
            models.CheckConstraint(condition=Q(script__in=["Arab", "Cyrl", "Latn"]), name="name_script_known"),
            models.CheckConstraint(condition=~Q(given=""), name="name_not_empty"),
            models.CheckConstraint(condition=Q(confidence__lte=100), name="name_confidence"),
            models.CheckConstraint(condition=Q(role="proposed") | Q(rule=""), name="name_rule_of_proposed"),
            models.UniqueConstraint(fields=["person"], condition=Q(is_primary=True), name="name_one_primary"),
        ]
        indexes = [models.Index(fields=["person", "id"], name="name_person")]

    def __str__(self) -> str:
        return self.as_person_name().display()

    def as_person_name(self) -> PersonName:
        return PersonName(
            self.script, self.given, self.father, self.grandfather, self.family, self.patronymic, self.tribal
        )


class PaperHeld(models.Model):
    """A paper that the person holds, issued by somebody else. `number_key` is the number without spaces and dashes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="papers_held")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    number_key = models.CharField(max_length=40)
    country = models.CharField(max_length=3, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table_comment = "Papers that persons hold, issued by others."
        constraints = [
            models.CheckConstraint(condition=~Q(number_key=""), name="paperheld_number"),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="paperheld_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["number_key", "kind"], name="paperheld_number_key")]


class Need(models.Model):
    """A specific need with dates, author and source. Restricted ones (SV, TR, SM …) need their own field class."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="needs")
    code = models.CharField(max_length=8)
    restricted = models.BooleanField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=10)
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table_comment = "Specific needs; rows marked restricted are read with the field class needs_restricted only."
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="need_dates_in_order"
            ),
            models.CheckConstraint(condition=Q(source__in=["self", "observed", "assessed"]), name="need_source_known"),
            models.UniqueConstraint(fields=["person", "code"], condition=Q(until__isnull=True), name="need_once"),
        ]


class Profile(models.Model):
    """Religion, ethnicity and languages: optional, never on a paper or in a list (DOMAIN §12.3)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="profile")
    religion = models.CharField(max_length=8, blank=True)
    ethnicity = models.CharField(max_length=8, blank=True)
    languages = models.JSONField(default=list)

    class Meta:
        db_table_comment = "Religion, ethnicity and languages; read with the field class religion_ethnicity only."


class Photo(models.Model):
    """A photo as it was kept: JPEG, at most 800 pixels a side, without metadata. The newest is the person's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="photos")
    image = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    taken_on = models.DateField()

    class Meta:
        db_table_comment = "Photos of persons."
