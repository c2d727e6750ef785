"""Counting: the SQL behind the tables. Runs as the reader role, whose column grants hold no name, number or address.

Every count is a function of two instants: the valid day (when it was so) and the known instant (what the register had
been told by then). A correction voids the change it names from the instant it was recorded; so a table as known in the
past is computed the way it was computed then.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import connections

# Changes known at %(known)s that no correction known by then has replaced; a correction to nothing only voids.
LIVE = """
live AS MATERIALIZED (
    SELECT s.person_id, s.effective_on, s.recorded_at, s.id, s.from_group, s.to_group, s.reason,
           s.procedure_type, s.decision_level
    FROM registry_statuschange s
    WHERE s.recorded_at < %(known)s AND s.from_group <> s.to_group AND s.effective_on <= %(until)s
      AND NOT EXISTS (SELECT FROM registry_statuschange c WHERE c.corrects_id = s.id AND c.recorded_at < %(known)s)
)"""

# What was known of each person by then: sex, birth and nationality, the latest word.
KNOWN_FACTS = """
facts AS MATERIALIZED (
    SELECT DISTINCT ON (f.person_id) f.person_id, f.sex, f.nationality, f.birth_earliest, f.birth_latest,
           f.birth_precision
    FROM registry_facts f WHERE f.recorded_at < %(known)s
    ORDER BY f.person_id, f.recorded_at DESC, f.id DESC
)"""

# In which group each person stood at the end of a day.
STANDING = """
standing AS (
    SELECT DISTINCT ON (person_id) person_id, to_group
    FROM live WHERE effective_on {when}
    ORDER BY person_id, effective_on DESC, recorded_at DESC, id DESC
)"""


def _rows(sql: str, params: dict) -> list[tuple]:
    with connections["reader"].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def stocks(before: date, known: datetime) -> dict[tuple[str, str], int]:
    """How many persons stood in each group at the start of the day `before`: {(group, origin): persons}."""
    rows = _rows(
        f"WITH {LIVE}, {KNOWN_FACTS}, {STANDING.format(when='< %(before)s')} "  # noqa: S608 - constants of this module
        "SELECT to_group, nationality, count(*) FROM standing JOIN facts USING (person_id) "
        "WHERE to_group <> '' GROUP BY 1, 2",
        {"before": before, "until": before, "known": known},
    )
    return {(group, origin): count for group, origin, count in rows}


def movements(first: date, last: date, known: datetime) -> list[tuple[str, str, str, str, str, str, int]]:
    """Changes within the days: (from group, to group, reason, origin, procedure type, decision level, persons)."""
    return _rows(
        f"WITH {LIVE}, {KNOWN_FACTS} "  # noqa: S608
        "SELECT from_group, to_group, reason, nationality, procedure_type, decision_level, count(*) "
        "FROM live JOIN facts USING (person_id) WHERE effective_on BETWEEN %(first)s AND %(until)s "
        "GROUP BY 1, 2, 3, 4, 5, 6",
        {"first": first, "until": last, "known": known},
    )


# The age of the interval's midpoint on the day, as kernel.births.BirthDate.age_band_on has it.
BAND = """CASE WHEN birth_precision = 'unknown' THEN 'unknown' ELSE (
    SELECT CASE WHEN a < 5 THEN '0-4' WHEN a < 12 THEN '5-11' WHEN a < 18 THEN '12-17' WHEN a < 60 THEN '18-59' ELSE '60+' END
    FROM (SELECT extract(year FROM %(until)s::date) - extract(year FROM middle)
                 - (to_char(%(until)s::date, 'MMDD') < to_char(middle, 'MMDD'))::int AS a
          FROM (SELECT birth_earliest + (birth_latest - birth_earliest) / 2 AS middle) m) ages) END"""


def demography(on: date, known: datetime) -> list[tuple[str, str, str, str, str, str, int]]:
    """Who stood where at the end of the day: (group, origin, place, location label, sex, age band, persons)."""
    return _rows(
        f"""WITH {LIVE}, {KNOWN_FACTS}, {STANDING.format(when="<= %(until)s")},
        homes AS (
            SELECT DISTINCT ON (household_id) household_id, place, location_label FROM registry_location
            WHERE recorded_at < %(known)s AND valid_from <= %(until)s
            ORDER BY household_id, valid_from DESC, recorded_at DESC, id DESC)
        SELECT to_group, nationality, coalesce(place, ''), coalesce(location_label, ''), sex, {BAND}, count(*)
        FROM standing JOIN facts USING (person_id)
        LEFT JOIN registry_membership m ON m.person_id = standing.person_id AND m.valid_from <= %(until)s
             AND (m.valid_to IS NULL OR m.valid_to > %(until)s)
        LEFT JOIN homes ON homes.household_id = m.household_id
        WHERE to_group <> '' GROUP BY 1, 2, 3, 4, 5, 6""",  # noqa: S608
        {"until": on, "known": known},
    )


def yearly_net(first_year: int, last_year: int, known: datetime) -> Iterator[tuple[int, str, int]]:
    """For the chart: net change of each group in each year (year, group, persons); all before `first_year` in one."""
    rows = _rows(
        f"WITH {LIVE}, moves AS (SELECT greatest(extract(year FROM effective_on)::int, %(first)s - 1) AS year, "  # noqa: S608
        "to_group AS grp, 1 AS n FROM live WHERE to_group <> '' "
        "UNION ALL SELECT greatest(extract(year FROM effective_on)::int, %(first)s - 1), from_group, -1 FROM live "
        "WHERE from_group <> '') SELECT year, grp, sum(n) FROM moves GROUP BY 1, 2 ORDER BY 1",
        {"first": first_year, "until": date(last_year, 12, 31), "known": known},
    )
    yield from ((year, group, int(net)) for year, group, net in rows)


def movements_in_detail(first: date, last: date, known: datetime) -> list[tuple[str, str, str, int, str, str, int]]:
    """Changes within the days: (from group, to group, reason, month, sex, age band at the end, persons)."""
    return _rows(
        f"WITH {LIVE}, {KNOWN_FACTS} "  # noqa: S608
        f"SELECT from_group, to_group, reason, extract(month FROM effective_on)::int, sex, {BAND}, count(*) "
        "FROM live JOIN facts USING (person_id) WHERE effective_on BETWEEN %(first)s AND %(until)s "
        "GROUP BY 1, 2, 3, 4, 5, 6",
        {"first": first, "until": last, "known": known},
    )
