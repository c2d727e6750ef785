"""How the lines of the index are made, since 0006: the same vectors as before, with less work; and what kept searches of days alone wait for."""

from __future__ import annotations

WRITING = r"""
CREATE FUNCTION library_vector_of(d library_document, body text, sounds text[]) RETURNS tsvector
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    title tsvector := setweight(to_tsvector('russian', library_plain(d.title || ' ' || d.refid)), 'A');
    said tsvector := title || to_tsvector('russian', library_plain(body));
BEGIN
    RETURN said || array_to_tsvector(library_marks(d) || sounds
        || ARRAY(SELECT '^' || t FROM unnest(tsvector_to_array(title)) t WHERE octet_length(t) < 2000)
        || ARRAY(SELECT repeat('+', n) || lexeme FROM (
            SELECT w.lexeme, cardinality(w.positions) + CASE WHEN w.weights[1] = 'A' THEN 9 ELSE 0 END AS times FROM unnest(said) w
            WHERE (cardinality(w.positions) > 2 OR w.weights[1] = 'A') AND octet_length(w.lexeme) < 2000) spoken,
            generate_series(1, CASE WHEN times > 19 THEN 4 WHEN times > 12 THEN 3 WHEN times > 6 THEN 2 ELSE 1 END) n));
END $$;
COMMENT ON FUNCTION library_vector_of(library_document, text, text[]) IS 'All that a source can be found by, of these words and sounds.';
CREATE OR REPLACE FUNCTION library_vector(d library_document, body text) RETURNS tsvector
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sounds text[] := array_remove(string_to_array(d.sounds, ' '), '');
    size int := 400000;
BEGIN
    LOOP
        BEGIN
            RETURN library_vector_of(d, left(coalesce(body, ''), size), sounds[:size / 20]);
        EXCEPTION WHEN program_limit_exceeded THEN
            -- So many different words that no vector holds them: of its beginning, as much as will do.
            size := size / 2;
            IF size < 1000 THEN RAISE; END IF;
        END;
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION library_index_documents(ids uuid[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    made int;
BEGIN
    PERFORM set_config('panoh.inside', 'library', true);
    DELETE FROM library_index WHERE document_id = ANY (ids);
    WITH line AS MATERIALIZED (
        SELECT d.id, d.version, d.organisation_id, d.rank, d.kind, d.created_on, d.origin, d.classification, d.language, d.tags,
               library_vector(d, w.words) AS search
        FROM library_document d LEFT JOIN LATERAL (
            SELECT string_agg(p.text, E'\n' ORDER BY p.position) AS words
            FROM library_paragraph p WHERE p.document_id = d.id AND p.in_force) w ON true
        WHERE d.id = ANY (ids) AND d.state = 'in_force'),
    written AS (INSERT INTO library_index SELECT * FROM line RETURNING document_id),
    -- Of days alone too; one that waits for neither was kept before the index knew of it (operations.watching).
    awaited AS MATERIALIZED (
        SELECT id, words = '' AS of_days_alone, words::tsquery AS asked, since, until FROM library_savedsearch
        WHERE words > '' OR since IS NOT NULL OR until IS NOT NULL),
    -- What is new is matched while it is at hand; a search is never asked again for what was here before. OFFSET keeps each line
    -- outside of the loop over all searches: the other way round every line is fetched anew for every search.
    matched AS (INSERT INTO library_match
        SELECT waits.id, l.id FROM line l CROSS JOIN LATERAL (
            SELECT a.id FROM awaited a WHERE (a.of_days_alone OR l.search @@ a.asked)
             AND (a.since IS NULL OR l.created_on >= a.since) AND (a.until IS NULL OR l.created_on <= a.until) OFFSET 0) waits
        WHERE l.version = 1 ON CONFLICT DO NOTHING)
    SELECT count(*) INTO made FROM written;
    -- What many sources wait with is put in its place at once: dearer one by one, and dear to every question until then.
    PERFORM gin_clean_pending_list('library_index_open'), gin_clean_pending_list('library_index_closed');
    PERFORM set_config('panoh.inside', '', true);
    RETURN made;
END $$;
CREATE FUNCTION library_match_since(kept uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    PERFORM set_config('panoh.inside', 'library', true);
    INSERT INTO library_match
    SELECT s.id, i.document_id FROM library_savedsearch s, library_document d, library_index i
    WHERE s.id = kept AND s.member_id = (access_context()->>'actor')::uuid AND d.taken_in_at > s.looked_at AND i.document_id = d.id
      AND (s.words = '' OR i.search @@ s.words::tsquery)
      AND (s.since IS NULL OR i.created_on >= s.since) AND (s.until IS NULL OR i.created_on <= s.until)
    ON CONFLICT DO NOTHING;
    PERFORM set_config('panoh.inside', '', true);
END $$;
COMMENT ON FUNCTION library_match_since(uuid) IS 'What came in since the member looked at this search of hers, where nothing matched it meanwhile.';
"""
# A check of two keys for every match cost more than finding it. What would be checked is written by the owner's function alone, a source
# is never deleted, and a search takes its matches along.
MATCHES = """
ALTER TABLE library_match DROP CONSTRAINT library_match_search_id_fkey, DROP CONSTRAINT library_match_document_id_fkey;
CREATE FUNCTION library_forget_matches() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM library_match WHERE search_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER library_forget_matches AFTER DELETE ON library_savedsearch FOR EACH ROW EXECUTE FUNCTION library_forget_matches();
"""
MATCHES_BEFORE = """
DROP TRIGGER library_forget_matches ON library_savedsearch; DROP FUNCTION library_forget_matches();
ALTER TABLE library_match ADD FOREIGN KEY (search_id) REFERENCES library_savedsearch (id) ON DELETE CASCADE,
    ADD FOREIGN KEY (document_id) REFERENCES library_document (id) ON DELETE CASCADE;
"""
ALERTS = """
CREATE OR REPLACE FUNCTION library_alerts(most int) RETURNS TABLE (search_id uuid, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT s.id, (SELECT count(*) FROM (SELECT FROM library_match m JOIN library_index i ON i.document_id = m.document_id'
        ' WHERE m.search_id = s.id AND %s LIMIT $2) few) FROM library_savedsearch s WHERE s.member_id = $1 ORDER BY s.query LIMIT 30', library_rule())
    USING (access_context()->>'actor')::uuid, most;
END $$;
"""
