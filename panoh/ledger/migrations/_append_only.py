"""What makes the ledger a ledger: rows come in through functions alone, and none is changed or removed.

The SQL of 0001_initial.
The application's role may read (but not the personal part) and call `ledger_append` and `ledger_number`. Grants stop the
application, triggers stop the owner as well; a superuser can go round both, which is what checkpoints are for
(docs/security.md, "Ledger").
"""

from django.conf import settings

FUNCTIONS = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger keeps every row: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'PN002', TABLE = TG_TABLE_NAME;
END $$;

CREATE FUNCTION ledger_refuse_unrecorded(table_name text, operation text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The register refuses a change without an entry in the ledger: % of %.', operation, table_name
        USING ERRCODE = 'PN001', TABLE = table_name,
        HINT = 'Call panoh.ledger.operations.record in the same transaction, with the row''s subject among the subjects.';
END $$;
COMMENT ON FUNCTION ledger_refuse_unrecorded(text, text) IS 'Called by the guards of register tables (RequireEntry).';

-- The only way in. The columns are taken from the body, so the two cannot disagree from the start.
CREATE FUNCTION ledger_append(entry_body text, detail_salt bytea, detail_text text, salted uuid[], salts bytea[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    facts jsonb := entry_body::jsonb;
    entry uuid := (facts->>'id')::uuid;
    at timestamptz := (facts->>'recorded_at')::timestamptz;
    about uuid[] := ARRAY(SELECT value::uuid FROM jsonb_array_elements_text(facts->'subjects'));
BEGIN
    -- The owner loads histories (imports of old registers, the demo); the application records the present.
    IF session_user <> current_user AND abs(extract(epoch FROM at - clock_timestamp())) > 300 THEN
        RAISE EXCEPTION 'An entry is recorded when it happens, not at %.', at USING ERRCODE = 'PN003';
    END IF;
    IF facts->>'detail_commitment' IS DISTINCT FROM encode(sha256(detail_salt || convert_to(detail_text, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'The detail is not the one that the entry commits to.' USING ERRCODE = 'PN004';
    END IF;
    INSERT INTO ledger_entry (id, body, leaf_hash, kind, occurred_on, recorded_at, actor_id, organisation_id, subjects,
                              correlation_id, submission_id)
    VALUES (entry, entry_body, sha256('\\x00'::bytea || convert_to(entry_body, 'UTF8')), facts->>'kind',
            (facts->>'occurred_on')::date, at, (facts->>'actor')::uuid, (facts->>'organisation')::uuid, about,
            (facts->>'correlation_id')::uuid, (facts->>'submission_id')::uuid);
    INSERT INTO ledger_subject (subject_id, entry_id) SELECT subject, entry FROM unnest(about) AS subject;
    INSERT INTO ledger_pending (recorded_at, entry_id) VALUES (at, entry);
    IF detail_text IS NOT NULL THEN
        INSERT INTO ledger_detail (entry_id, salt, detail) VALUES (entry, detail_salt, detail_text);
    END IF;
    IF salted IS NOT NULL THEN
        INSERT INTO ledger_salt (entry_id, subject_id, salt)
            SELECT entry, subject, salt FROM unnest(salted, salts) AS given(subject, salt);
    END IF;
END $$;
COMMENT ON FUNCTION ledger_append(text, bytea, text, uuid[], bytea[]) IS
    'Adds one entry with its personal detail and salts. Called by panoh.ledger.operations.record alone.';

-- The sequencer's step: gives waiting entries their numbers, in the order given.
CREATE FUNCTION ledger_number(first bigint, entries uuid[], levels smallint[], indexes bigint[], hashes bytea[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    numbered bigint;
BEGIN
    IF first <> coalesce((SELECT max(seq) + 1 FROM ledger_leaf), 0) THEN
        RAISE EXCEPTION 'The next number of the ledger is not %.', first USING ERRCODE = 'PN002';
    END IF;
    DELETE FROM ledger_pending USING ledger_entry
        WHERE ledger_entry.id = ANY (entries) AND ledger_pending.entry_id = ledger_entry.id
          AND ledger_pending.recorded_at = ledger_entry.recorded_at;
    GET DIAGNOSTICS numbered = ROW_COUNT;
    INSERT INTO ledger_leaf (seq, entry_id, leaf_hash)
        SELECT first + place - 1, id, leaf_hash
        FROM unnest(entries) WITH ORDINALITY AS given(entry, place) JOIN ledger_entry ON id = entry;
    IF numbered <> cardinality(entries) THEN
        RAISE EXCEPTION 'Not all of these entries wait for a number.' USING ERRCODE = 'PN002';
    END IF;
    INSERT INTO ledger_node (level, index, hash) SELECT * FROM unnest(levels, indexes, hashes);
END $$;
COMMENT ON FUNCTION ledger_number(bigint, uuid[], smallint[], bigint[], bytea[]) IS
    'Gives waiting entries their numbers. Called by panoh.ledger.sequencer alone.';

-- The personal part goes only where the same transaction says so in the ledger, for all to see.
CREATE FUNCTION ledger_erasure_recorded(erased uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM ledger_subject s JOIN ledger_entry e ON e.id = s.entry_id
        WHERE s.subject_id = erased AND s.transaction_id = pg_current_xact_id_if_assigned()
          AND e.kind = 'ledger.detail.erased' AND e.body::jsonb->'payload'->'entries' ? erased::text)
$$;
CREATE FUNCTION ledger_refuse_unrecorded_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND public.ledger_erasure_recorded(OLD.entry_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The ledger keeps every row: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'PN002', TABLE = TG_TABLE_NAME;
END $$;
CREATE FUNCTION ledger_erase_detail(erased uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found_one boolean;
BEGIN
    DELETE FROM ledger_detail WHERE entry_id = erased;
    found_one := FOUND;
    DELETE FROM ledger_salt WHERE entry_id = erased;
    RETURN found_one OR FOUND;
END $$;
COMMENT ON FUNCTION ledger_erase_detail(uuid) IS
    'Erases the personal part of one entry, with its salts. Refused unless an entry of this transaction names it as erased.';
"""

TRIGGERS = """
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {refusal}();
CREATE TRIGGER ledger_append_only_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

APPEND_ONLY = ("entry", "subject", "detail", "salt", "leaf", "node", "checkpoint")
PERSONAL = ("detail", "salt")
TABLES = (*APPEND_ONLY, "pending", "guarded")

WRITING = (
    "ledger_append(text, bytea, text, uuid[], bytea[])",
    "ledger_number(bigint, uuid[], smallint[], bigint[], bytea[])",
    "ledger_erase_detail(uuid)",
)

DROP_FUNCTIONS = """
DROP FUNCTION ledger_erase_detail(uuid);
DROP FUNCTION ledger_refuse_unrecorded_erasure();
DROP FUNCTION ledger_erasure_recorded(uuid);
DROP FUNCTION ledger_number(bigint, uuid[], smallint[], bigint[], bytea[]);
DROP FUNCTION ledger_append(text, bytea, text, uuid[], bytea[]);
DROP FUNCTION ledger_refuse_unrecorded(text, text);
DROP FUNCTION ledger_refuse_change();
"""


def forward_sql():
    app, owner = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.owner
    yield FUNCTIONS
    for name in APPEND_ONLY:
        refusal = "ledger_refuse_unrecorded_erasure" if name in PERSONAL else "ledger_refuse_change"
        yield TRIGGERS.format(table=f"ledger_{name}", refusal=refusal)
    for name in TABLES:
        yield f'REVOKE ALL ON ledger_{name} FROM "{app}"; GRANT SELECT ON ledger_{name} TO "{app}";'
    yield f'GRANT INSERT ON ledger_checkpoint TO "{app}";'
    for function in WRITING:
        # PostgreSQL lets everybody call a function unless it is told otherwise; statistics only reads.
        yield f'REVOKE ALL ON FUNCTION {function} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {function} TO "{app}";'
    for name in PERSONAL:
        # The owner's functions write and hash; nobody else reads until `access` adds a policy for the application.
        yield f"ALTER TABLE ledger_{name} ENABLE ROW LEVEL SECURITY; ALTER TABLE ledger_{name} FORCE ROW LEVEL SECURITY;"
        yield f'CREATE POLICY ledger_own ON ledger_{name} TO "{owner}" USING (true) WITH CHECK (true);'


def backward_sql():
    app = settings.DATABASE_ROLES.app
    for name in PERSONAL:
        yield f"DROP POLICY ledger_own ON ledger_{name};"
        yield f"ALTER TABLE ledger_{name} NO FORCE ROW LEVEL SECURITY; ALTER TABLE ledger_{name} DISABLE ROW LEVEL SECURITY;"
    for name in TABLES:
        yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_{name} TO "{app}";'
    for name in APPEND_ONLY:
        yield f"DROP TRIGGER ledger_append_only_truncate ON ledger_{name}; DROP TRIGGER ledger_append_only ON ledger_{name};"
    yield DROP_FUNCTIONS
