"""Who sees a source: open ones every reader, others the organisation that took them in and its agreements. The second lock.

`policy.document_scope` says the same as a Q; tests/library/test_locks.py compares the two.
"""

from django.conf import settings
from django.db import migrations

from panoh.access.rls import AppendOnly, ProtectThrough
from panoh.ledger.guard import RequireEntry

APP, READER, OWNER = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.reader, settings.DATABASE_ROLES.owner

GUARDED = {
    "document": "id",
    "revision": "document_id",
    "paragraph": "document_id",
    "reference": "document_id",
    "doubt": "document_id",
    "redaction": "document_id",
    "claim": "id",
    "citation": "id",
    "shelf": "id",
    "shelfitem": "shelf_id",
}
APPEND_ONLY = ("revision", "documentreading", "redaction")

FUNCTIONS = """
CREATE FUNCTION library_holds(verb text) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(access_context()->'verbs' ? verb, false) $$;
COMMENT ON FUNCTION library_holds(text) IS 'Whether the signed context holds the verb (access.context.ASKED_BY_FUNCTIONS).';
CREATE FUNCTION library_organisation() RETURNS uuid LANGUAGE sql STABLE AS
    $$ SELECT (access_context()->>'organisation')::uuid $$;
COMMENT ON FUNCTION library_organisation() IS 'The organisation of whoever asks; heads of office have one too, though they see no file.';
CREATE FUNCTION library_organisations() RETURNS uuid[] LANGUAGE sql STABLE AS
    $$ SELECT coalesce(access_open(), '{}') || library_organisation() $$;
COMMENT ON FUNCTION library_organisations() IS 'The own organisation and those whose files an agreement opens.';
CREATE FUNCTION library_operator() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(access_context()->'records' ? 'library.document.taken_in', false) $$;
COMMENT ON FUNCTION library_operator() IS 'Whether the operator takes sources in, in nobody''s name.';
"""
DROP_FUNCTIONS = """
DROP FUNCTION library_operator();
DROP FUNCTION library_organisations();
DROP FUNCTION library_organisation();
DROP FUNCTION library_holds(text);
"""

SEEN = """((SELECT library_holds('library.document.read')) AND (rank = 0 OR (
   organisation_id = ANY ((SELECT library_organisations())::uuid[])
   AND (rank = 1 OR (SELECT library_holds('library.restricted.read')))))
) OR ((SELECT library_operator()) AND organisation_id IS NULL) OR (SELECT access_everything())"""
# Whoever takes in may not be able to read what a mark inside raised beyond her: she still brings it in.
WRITTEN = """((SELECT library_holds('library.document.take_in')) AND organisation_id = (SELECT library_organisation())
) OR ((SELECT library_operator()) AND organisation_id IS NULL) OR (SELECT access_everything())"""
PARENT_SEEN = "EXISTS (SELECT FROM library_document d WHERE d.id = {table}.document_id)"
# The parts of a document come in with the entry that speaks of it.
TAKEN_NOW = """library_taken_now({table}.document_id)"""

TAKEN = """
CREATE FUNCTION library_taken_now(document uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM public.ledger_subject s JOIN public.ledger_entry e ON e.id = s.entry_id
                   WHERE s.subject_id = document AND s.transaction_id = pg_current_xact_id()
                     AND e.kind = 'library.document.taken_in') $$;
COMMENT ON FUNCTION library_taken_now(uuid) IS 'Whether this transaction is the one that takes the document in.';
"""

THING_SEEN = """CASE subject_kind
  WHEN 'household' THEN EXISTS (SELECT FROM registry_household t WHERE t.id = subject_id)
  WHEN 'case' THEN EXISTS (SELECT FROM procedures_case t WHERE t.id = subject_id)
  WHEN 'incident' THEN EXISTS (SELECT FROM protection_incident t WHERE t.id = subject_id)
  WHEN 'intervention' THEN EXISTS (SELECT FROM protection_intervention t WHERE t.id = subject_id)
  ELSE (SELECT library_holds('library.document.read')) END"""
PARAGRAPH_SEEN = "EXISTS (SELECT FROM library_paragraph p WHERE p.id = {table}.paragraph_id)"
OWN = "organisation_id = (SELECT library_organisation()) OR (SELECT access_everything())"


def protect(table: str, read: str, insert: str, update: str = "", delete: str = "") -> migrations.RunSQL:
    policies = {"read": f"FOR SELECT USING ({read})", "insert": f"FOR INSERT WITH CHECK ({insert})"}
    if update:
        policies["update"] = f"FOR UPDATE USING ({update}) WITH CHECK ({insert} OR {update})"
    if delete:
        policies["delete"] = f"FOR DELETE USING ({delete})"
    made = "".join(f"CREATE POLICY panoh_{name} ON {table} {rule};" for name, rule in policies.items())
    dropped = "".join(f"DROP POLICY panoh_{name} ON {table};" for name in policies)
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;{made}",
        f"{dropped}ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def part(name: str, change: bool = True, read: str = PARENT_SEEN) -> migrations.RunSQL:
    table = f"library_{name}"
    seen, written = read.format(table=table), f"{PARENT_SEEN} OR {TAKEN_NOW}".format(table=table)
    return protect(
        table,
        seen,
        written,
        PARENT_SEEN.format(table=table) if change else "",
        PARENT_SEEN.format(table=table) if change else "",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0001_initial"),
        ("registry", "0010_root_rule"),
        ("procedures", "0003_agenda_votes_late_entries"),
        ("protection", "0002_locks"),
        ("access", "0006_verbs"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(TAKEN, "DROP FUNCTION library_taken_now(uuid)"),
        protect("library_document", SEEN, WRITTEN, SEEN),
        part(
            "revision",
            change=False,
            read=f"{PARENT_SEEN} AND ((SELECT library_holds('library.document.settle')) OR (SELECT library_operator()) OR (SELECT access_everything()))",
        ),
        part("paragraph"),
        part("reference"),
        part("doubt"),
        protect(
            "library_documentreading",
            PARENT_SEEN.format(table="library_documentreading"),
            "member_id = (access_context()->>'actor')::uuid",
        ),
        protect(
            "library_redaction",
            "(SELECT library_holds('library.paragraph.redact')) AND " + PARENT_SEEN.format(table="library_redaction"),
            "(SELECT library_holds('library.paragraph.redact')) AND " + PARENT_SEEN.format(table="library_redaction"),
        ),
        protect("library_claim", PARAGRAPH_SEEN.format(table="library_claim"), OWN, OWN),
        protect(
            "library_citation",
            f"{THING_SEEN} AND {PARAGRAPH_SEEN.format(table='library_citation')} OR (SELECT access_everything())",
            f"({OWN}) AND {THING_SEEN}",
            OWN,
        ),
        protect("library_shelf", OWN, OWN, OWN),
        ProtectThrough("library_shelfitem", "shelf_id", "library_shelf"),
        protect(
            "library_savedsearch",
            "member_id = (access_context()->>'actor')::uuid",
            "member_id = (access_context()->>'actor')::uuid",
            "member_id = (access_context()->>'actor')::uuid",
            "member_id = (access_context()->>'actor')::uuid",
        ),
        *(RequireEntry(f"library_{table}", column) for table, column in GUARDED.items()),
        *(AppendOnly(f"library_{table}") for table in APPEND_ONLY),
    ]
