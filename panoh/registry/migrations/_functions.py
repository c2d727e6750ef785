"""The SQL that Django's models cannot say: sequences, checks across rows, and what runs above row-level security.

Functions that look beyond the actor's scope are owned by the schema's owner, whom FORCEd row-level security binds like
everybody. What they may see is opened by policies for that owner alone, which hold while the function has set
`panoh.inside` to its purpose. The app role can set that variable too and wins nothing by it: the policies are not for
the app role, and each function sets the variable itself before it looks at anything.
"""

from django.conf import settings

OWNER, APP = settings.DATABASE_ROLES.owner, settings.DATABASE_ROLES.app

SEQUENCES = """
CREATE SEQUENCE registry_household_serial;
COMMENT ON SEQUENCE registry_household_serial IS 'Serials of household numbers: gaps are allowed, nothing comes twice.';
CREATE SEQUENCE registry_person_serial;
COMMENT ON SEQUENCE registry_person_serial IS 'Serials of person numbers: gaps are allowed, nothing comes twice.';
"""
DROP_SEQUENCES = "DROP SEQUENCE registry_person_serial; DROP SEQUENCE registry_household_serial;"


def inside_policy(table: str, purpose: str, command: str = "SELECT") -> str:
    """The owner's functions of this purpose see the whole table.

    PostgreSQL asks the policies of a table from the last name to the first and stops at the first that agrees: the name
    begins with "within" so that the costly one (`panoh_read`) is not asked at all.
    """
    rule = f"(SELECT current_setting('panoh.inside', true)) = '{purpose}'"
    check = f" WITH CHECK ({rule})" if command == "UPDATE" else ""
    return (
        f'CREATE POLICY within_{purpose}_{command.lower()} ON registry_{table} FOR {command} TO "{OWNER}" '
        f"USING ({rule}){check};"
    )


# -- exactly one principal applicant ----------------------------------------------------------------------------------

PRINCIPAL = """
CREATE FUNCTION registry_check_principal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    file uuid;
    files uuid[];
BEGIN
    IF TG_TABLE_NAME = 'registry_household' THEN
        files := ARRAY[NEW.id];
    ELSIF TG_OP = 'DELETE' THEN
        files := ARRAY[OLD.household_id];
    ELSE
        files := ARRAY[OLD.household_id, NEW.household_id];
    END IF;
    PERFORM set_config('panoh.inside', 'principal', true);
    FOREACH file IN ARRAY files
    LOOP
        IF EXISTS (SELECT FROM registry_household h WHERE h.id = file AND h.status = 'open')
           AND NOT EXISTS (SELECT FROM registry_person p
                           WHERE p.household_id = file AND p.relationship = 'PA' AND p.status = 'open') THEN
            RAISE EXCEPTION 'An open household has one principal applicant; % has none.', file
                USING ERRCODE = 'PN010', TABLE = TG_TABLE_NAME;
        END IF;
        IF EXISTS (SELECT FROM registry_household h WHERE h.id = file AND h.status = 'closed')
           AND EXISTS (SELECT FROM registry_person p WHERE p.household_id = file AND p.status = 'open') THEN
            RAISE EXCEPTION 'A closed household has no open members; % has.', file
                USING ERRCODE = 'PN010', TABLE = TG_TABLE_NAME;
        END IF;
    END LOOP;
    PERFORM set_config('panoh.inside', '', true);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION registry_check_principal() IS
    'At commit: an open household has its principal applicant, a closed one nobody open. (At most one: a unique index.)';
CREATE CONSTRAINT TRIGGER registry_principal AFTER INSERT OR UPDATE OF status ON registry_household
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_check_principal();
CREATE CONSTRAINT TRIGGER registry_principal AFTER UPDATE OF status, relationship, household_id OR DELETE ON registry_person
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_check_principal();
"""
DROP_PRINCIPAL = """
DROP TRIGGER registry_principal ON registry_person;
DROP TRIGGER registry_principal ON registry_household;
DROP FUNCTION registry_check_principal();
"""

# -- residence: closed by who may not read it -------------------------------------------------------------------------

RESIDENCE = """
CREATE FUNCTION registry_end_residence(file uuid, last_day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ended boolean;
BEGIN
    -- The household's own policy speaks here for the caller: nothing is opened until it has.
    PERFORM set_config('panoh.inside', '', true);
    IF NOT EXISTS (SELECT FROM registry_household WHERE id = file) THEN
        RETURN false;
    END IF;
    PERFORM set_config('panoh.inside', 'residence', true);
    UPDATE registry_residence SET valid_to = greatest(last_day, valid_from) WHERE household_id = file AND valid_to IS NULL;
    ended := FOUND;
    PERFORM set_config('panoh.inside', '', true);
    RETURN ended;
END $$;
COMMENT ON FUNCTION registry_end_residence(uuid, date) IS
    'Ends the current address of a file that the caller sees, also where it may not read addresses. Shows nothing of it.';
"""
DROP_RESIDENCE = "DROP FUNCTION registry_end_residence(uuid, date);"

# -- duplicates beyond the own scope ----------------------------------------------------------------------------------

CANDIDATES = """
CREATE FUNCTION registry_candidates(asked jsonb)
RETURNS TABLE (place int, number text, office_id uuid, by_paper boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('panoh.inside', 'candidates', true);
    RETURN QUERY WITH question AS (
        SELECT (ordinality - 1)::int AS place,
               ARRAY(SELECT jsonb_array_elements_text(one->'keys')) AS keys,
               ARRAY(SELECT jsonb_array_elements_text(one->'papers')) AS papers,
               coalesce((one->>'least')::int, 1) AS least, one->>'sex' AS sex, (one->>'earliest')::date AS earliest, (one->>'latest')::date AS latest
        FROM jsonb_array_elements(asked) WITH ORDINALITY AS given(one, ordinality)
        WHERE ordinality <= 60 AND public.access_context() IS NOT NULL
    ), hit AS (
        SELECT q.place, k.person_id, false AS by_paper FROM question q CROSS JOIN LATERAL (
            SELECT person_id FROM (
                SELECT person_id FROM public.registry_namekey WHERE key = ANY (q.keys) LIMIT 2000) looked_at
            GROUP BY person_id HAVING count(*) >= q.least ORDER BY count(*) DESC, person_id LIMIT 100) k
        UNION ALL
        SELECT q.place, k.person_id, true FROM question q CROSS JOIN LATERAL (
            SELECT person_id FROM public.registry_paperheld WHERE number_key = ANY (q.papers) LIMIT 20) k
    )
    SELECT q.place, p.number::text, h.office_id, bool_or(hit.by_paper)
    FROM hit JOIN question q USING (place)
         JOIN public.registry_person p ON p.id = hit.person_id
         JOIN public.registry_household h ON h.id = p.household_id
    WHERE hit.by_paper OR ((p.sex = q.sex OR 'U' IN (p.sex, q.sex))
          AND p.birth_earliest <= q.latest + 366 AND p.birth_latest >= q.earliest - 366)
    GROUP BY q.place, p.number, h.office_id
    ORDER BY q.place, bool_or(hit.by_paper) DESC, p.number LIMIT 300;
    PERFORM set_config('panoh.inside', '', true);
END $$;
COMMENT ON FUNCTION registry_candidates(jsonb) IS
    'Perhaps the same person, in any organisation''s files: answers with number and office alone, never with a name.';
"""
DROP_CANDIDATES = "DROP FUNCTION registry_candidates(jsonb);"

# -- many rows at once ------------------------------------------------------------------------------------------------

# One statement for all tables of a registration. The plans of the inserts, which row-level security makes costly, are
# kept by the session; as separate statements they are made anew each time. Runs with the caller's rights and policies.
SAVED_TABLES = [
    "household",
    "person",
    "name",
    "membership",
    "paperheld",
    "need",
    "profile",
    "photo",
    "residence",
    "consent",
    "facts",
    "location",
    "statuschange",
]
SAVE_ONE = """    IF given ? 'TABLE' THEN
        INSERT INTO registry_TABLE SELECT * FROM jsonb_populate_recordset(NULL::registry_TABLE, given->'TABLE');
    END IF;
"""
SAVE_NAME_KEYS = """    IF given ? 'namekey' THEN
        INSERT INTO registry_namekey (person_id, key, version)
            SELECT (one->>'person')::uuid, key, (one->>'version')::smallint
            FROM jsonb_array_elements(given->'namekey') AS one, jsonb_array_elements_text(one->'keys') AS key;
    END IF;
"""
SAVE = """
CREATE FUNCTION registry_save(given jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
INSERTS
NAME_KEYSEND $$;
COMMENT ON FUNCTION registry_save(jsonb) IS
    'Inserts the rows of one act into all tables, table by table, with the caller''s rights: rows of {table: [row, …]}.';
""".replace("NAME_KEYS", SAVE_NAME_KEYS).replace(
    "INSERTS", "".join(SAVE_ONE.replace("TABLE", table) for table in SAVED_TABLES)
)
DROP_SAVE = "DROP FUNCTION registry_save(jsonb);"

# -- judgements and batches -------------------------------------------------------------------------------------------

# Both records of a judgement must be open to the reader: the first table hangs it on person_a, this adds person_b.
JUDGEMENT = f"""
CREATE POLICY judgement_both ON registry_judgement AS RESTRICTIVE FOR ALL TO "{APP}"
    USING (EXISTS (SELECT FROM registry_person p WHERE p.id = person_b_id));
"""
BATCH_RULE = "(organisation_id = (SELECT access_own())) OR (SELECT access_everything())"
