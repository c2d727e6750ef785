"""The index of sources: two tables that no role of the application may touch, and the functions that read and write them.

Row-level security switches an index off where its operator is not leakproof, and `@@` is none. So the index has no policy and
no grant; whoever asks passes through `library_find` and `library_counts`, which put the rule of the signed context
(0002_locks.SEEN) into their own WHERE and answer with ids and counts alone.
"""

from __future__ import annotations

TABLES = """
CREATE TABLE library_index (
    document_id uuid PRIMARY KEY REFERENCES library_document (id) ON DELETE CASCADE,
    version int NOT NULL,
    organisation_id uuid,
    rank smallint NOT NULL,
    kind text NOT NULL,
    created_on date,
    taken_in_at timestamptz NOT NULL,
    origin text NOT NULL,
    classification text NOT NULL,
    language text NOT NULL,
    tags text[] NOT NULL,
    refid text NOT NULL,
    search tsvector NOT NULL
);
COMMENT ON TABLE library_index IS 'The words of sources, for search. Derived; read and written by functions alone.';
ALTER TABLE library_index ALTER COLUMN search SET STORAGE EXTERNAL;
CREATE INDEX library_index_search ON library_index USING gin (search) WITH (fastupdate = off);
CREATE INDEX library_index_tags ON library_index USING gin (tags) WITH (fastupdate = off);
CREATE INDEX library_index_created ON library_index (created_on DESC NULLS LAST, document_id);
CREATE INDEX library_index_taken_in ON library_index (taken_in_at DESC, document_id);
CREATE INDEX library_index_origin ON library_index (origin, created_on DESC NULLS LAST);
CREATE TABLE library_count (
    organisation_id uuid,
    rank smallint NOT NULL,
    facet text NOT NULL,
    value text NOT NULL,
    many int NOT NULL,
    UNIQUE NULLS NOT DISTINCT (facet, value, organisation_id, rank)
);
COMMENT ON TABLE library_count IS 'How many sources bear a value, by who may see them. Derived; kept by triggers of the index.';
"""
DROP_TABLES = "DROP TABLE library_count; DROP TABLE library_index;"

# One configuration for all languages: of "russian", words in Latin letters take the English stemmer, Cyrillic ones the Russian.
# Tajik and Persian have no stemmer in PostgreSQL: their words stand as they are, and beside them by sound (rules.sounds).
PLAIN = """
CREATE FUNCTION library_plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT translate($1, 'يكةۀأإآ' || chr(8204), 'یکههاا' || 'ا' || ' ') $$;
COMMENT ON FUNCTION library_plain(text) IS 'Letters of Arabic script in one way, half spaces as spaces; as rules.sounds.plain.';
"""

COUNTING = """
CREATE FUNCTION library_facets(one library_index) RETURNS TABLE (facet text, value text) LANGUAGE sql IMMUTABLE AS $$
    SELECT 'all', '' UNION ALL SELECT 'kind', one.kind UNION ALL SELECT 'origin', one.origin
    UNION ALL SELECT 'classification', one.classification UNION ALL SELECT 'language', one.language
    UNION ALL SELECT 'day', coalesce(one.created_on::text, '') UNION ALL SELECT 'tag', unnest(one.tags)
$$;
COMMENT ON FUNCTION library_facets(library_index) IS 'What a source is counted under.';
CREATE FUNCTION library_count_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO library_count AS c (organisation_id, rank, facet, value, many)
    SELECT n.organisation_id, n.rank, f.facet, f.value, count(*) FROM fresh n CROSS JOIN LATERAL library_facets(n::library_index) f
    GROUP BY 1, 2, 3, 4 ORDER BY 3, 4, 1, 2
    ON CONFLICT (facet, value, organisation_id, rank) DO UPDATE SET many = c.many + excluded.many;
    RETURN NULL;
END $$;
CREATE FUNCTION library_count_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO library_count AS c (organisation_id, rank, facet, value, many)
    SELECT n.organisation_id, n.rank, f.facet, f.value, -count(*) FROM gone n CROSS JOIN LATERAL library_facets(n::library_index) f
    GROUP BY 1, 2, 3, 4 ORDER BY 3, 4, 1, 2
    ON CONFLICT (facet, value, organisation_id, rank) DO UPDATE SET many = c.many + excluded.many;
    RETURN NULL;
END $$;
CREATE TRIGGER library_count_new AFTER INSERT ON library_index REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION library_count_new();
CREATE TRIGGER library_count_gone AFTER DELETE ON library_index REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION library_count_gone();
"""
DROP_COUNTING = """
DROP TRIGGER library_count_gone ON library_index; DROP TRIGGER library_count_new ON library_index;
DROP FUNCTION library_count_gone(); DROP FUNCTION library_count_new(); DROP FUNCTION library_facets(library_index);
"""

# Makes the lines of these documents anew from their rows, whoever asks: it brings nothing in that does not stand there already.
WRITING = """
CREATE FUNCTION library_index_documents(ids uuid[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    made int;
BEGIN
    PERFORM set_config('panoh.inside', 'library', true);
    DELETE FROM library_index WHERE document_id = ANY (ids);
    INSERT INTO library_index
    SELECT d.id, d.version, d.organisation_id, d.rank, d.kind, d.created_on, d.taken_in_at, d.origin, d.classification, d.language,
           d.tags, d.refid,
           setweight(to_tsvector('russian', library_plain(d.title || ' ' || d.refid)), 'A')
           || to_tsvector('russian', left(library_plain(coalesce(w.words, '')), 400000))
           || to_tsvector('simple', d.sounds)
    FROM library_document d LEFT JOIN LATERAL (
        SELECT string_agg(p.text, E'\\n' ORDER BY p.position) AS words
        FROM library_paragraph p WHERE p.document_id = d.id AND p.in_force) w ON true
    WHERE d.id = ANY (ids) AND d.state = 'in_force';
    GET DIAGNOSTICS made = ROW_COUNT;
    PERFORM set_config('panoh.inside', '', true);
    RETURN made;
END $$;
COMMENT ON FUNCTION library_index_documents(uuid[]) IS 'The index of these sources, made anew from their rows.';
CREATE FUNCTION library_index_current() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM set_config('panoh.inside', 'library', true);
    IF EXISTS (SELECT FROM library_document d WHERE d.id = NEW.id AND d.state = 'in_force')
       AND NOT EXISTS (SELECT FROM library_index i JOIN library_document d ON d.id = i.document_id AND d.version = i.version
                       WHERE i.document_id = NEW.id) THEN
        RAISE EXCEPTION 'the index of % is not that of its last version', NEW.refid USING ERRCODE = 'PN002';
    END IF;
    PERFORM set_config('panoh.inside', '', true);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER library_index_current AFTER INSERT OR UPDATE ON library_document
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION library_index_current();
"""
DROP_WRITING = """
DROP TRIGGER library_index_current ON library_document; DROP FUNCTION library_index_current(); DROP FUNCTION library_index_documents(uuid[]);
"""

# The text of the question is bound, never spliced; what is put together are the pieces written here.
FINDING = """
CREATE FUNCTION library_rule() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF access_everything() THEN RETURN 'true'; END IF;
    IF library_operator() THEN RETURN 'i.organisation_id IS NULL'; END IF;
    IF NOT library_holds('library.document.read') THEN RETURN 'false'; END IF;
    RETURN format('(i.rank = 0 OR (i.organisation_id = ANY (%L::uuid[]) AND i.rank <= %s))', library_organisations(),
                  CASE WHEN library_holds('library.restricted.read') THEN 9 ELSE 1 END);
END $$;
COMMENT ON FUNCTION library_rule() IS 'Which lines of the index the signed context may see, as a condition; as the policy of library_document.';

CREATE FUNCTION library_find(asked jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    condition text := library_rule();
    words tsquery := (asked->>'words')::tsquery;
    most int := least((asked->>'most')::int, 10000);
    ranked int := 400;
    answer jsonb;
BEGIN
    IF numnode(words) > 0 THEN condition := condition || ' AND i.search @@ $1'; END IF;
    IF asked ? 'kind' THEN condition := condition || ' AND i.kind = ($2->>''kind'')'; END IF;
    IF asked ? 'origin' THEN condition := condition || ' AND i.origin = ($2->>''origin'')'; END IF;
    IF asked ? 'classification' THEN condition := condition || ' AND i.classification = ($2->>''classification'')'; END IF;
    IF asked ? 'language' THEN condition := condition || ' AND i.language = ($2->>''language'')'; END IF;
    IF asked ? 'refid' THEN condition := condition || ' AND i.refid = ($2->>''refid'')'; END IF;
    IF asked ? 'tags' THEN condition := condition || ' AND i.tags @> ARRAY(SELECT jsonb_array_elements_text($2->''tags''))'; END IF;
    IF asked ? 'since' THEN condition := condition || ' AND i.created_on >= ($2->>''since'')::date'; END IF;
    IF asked ? 'until' THEN condition := condition || ' AND i.created_on <= ($2->>''until'')::date'; END IF;
    IF asked ? 'new_since' THEN condition := condition || ' AND i.taken_in_at > ($2->>''new_since'')::timestamptz'; END IF;
    EXECUTE format($find$
        WITH hit AS MATERIALIZED (
            SELECT i.document_id, i.created_on, i.taken_in_at, i.kind, i.origin, i.classification, i.language, i.tags
            FROM library_index i WHERE %s %s LIMIT $3 + 1),
        kept AS MATERIALIZED (SELECT * FROM hit LIMIT $3),
        newest AS MATERIALIZED (
            SELECT document_id, created_on FROM kept ORDER BY created_on DESC NULLS LAST, document_id LIMIT $4),
        ordered AS (
            SELECT n.document_id, n.created_on, %s AS score FROM newest n),
        facet AS (
            SELECT 'kind' AS facet, kind AS value, count(*) AS many FROM kept GROUP BY 2
            UNION ALL SELECT 'origin', origin, count(*) FROM kept GROUP BY 2
            UNION ALL SELECT 'classification', classification, count(*) FROM kept GROUP BY 2
            UNION ALL SELECT 'language', language, count(*) FROM kept GROUP BY 2
            UNION ALL SELECT 'year', extract(year FROM created_on)::int::text, count(*) FROM kept WHERE created_on IS NOT NULL GROUP BY 2
            UNION ALL (SELECT 'tag', t, count(*) FROM kept, unnest(tags) t GROUP BY 2 ORDER BY 3 DESC LIMIT 60))
        SELECT jsonb_build_object(
            'total', (SELECT count(*) FROM hit), 'most', $3,
            'ids', (SELECT coalesce(jsonb_agg(document_id), '[]') FROM (
                SELECT document_id FROM ordered ORDER BY score DESC, created_on DESC NULLS LAST, document_id
                OFFSET ($2->>'skip')::int LIMIT ($2->>'page')::int) page),
            'facets', CASE WHEN ($2->>'facets')::boolean THEN (
                SELECT coalesce(jsonb_agg(jsonb_build_array(facet, value, many) ORDER BY many DESC, value), '[]') FROM facet) END)
        $find$,
        condition,
        -- Where the whole index would be walked, its newest lines are enough.
        CASE WHEN numnode(words) > 0 OR asked ? 'tags' THEN '' ELSE 'ORDER BY i.created_on DESC NULLS LAST, i.document_id' END,
        CASE WHEN numnode(words) > 0 AND asked->>'order' = 'best'
             THEN '(SELECT ts_rank_cd(''{0.1,0.2,0.4,1.0}'', i.search, $1, 1) FROM library_index i WHERE i.document_id = n.document_id)'
             ELSE '0' END)
    INTO answer USING words, asked, most, ranked;
    RETURN answer;
END $$;
COMMENT ON FUNCTION library_find(jsonb) IS 'Ids and counts of the sources that answer a question and that the signed context may see.';

CREATE FUNCTION library_counts(facets text[]) RETURNS TABLE (facet text, value text, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT i.facet, i.value, sum(i.many) FROM library_count i WHERE i.facet = ANY ($1) AND %s GROUP BY 1, 2 HAVING sum(i.many) > 0',
        library_rule()) USING facets;
END $$;
COMMENT ON FUNCTION library_counts(text[]) IS 'How many sources that the signed context may see bear which value.';
"""
DROP_FINDING = "DROP FUNCTION library_counts(text[]); DROP FUNCTION library_find(jsonb); DROP FUNCTION library_rule();"
