"""The index of sources: a table that no role of the application may touch, and the functions that read and write it.

Row-level security switches an index off where its operator is not leakproof, and `@@` is none. So the index has no policy and
no grant; whoever asks passes through `library_find` and `library_counts`, which put the rule of the signed context
(0002_locks.SEEN) into their own WHERE and answer with ids and counts alone.

Everything that can be asked for stands in one text vector, so one kind of index answers every question:
    refuge          a word, in the form that the stemmer gives it, with its places
    +refuge         a word that the source speaks of: three times; ++refuge seven times, +++refuge thirteen, ++++refuge twenty (its title counts ten)
    ^refuge         a word of its title
    zq…             a word by its sound (rules.sounds)
    =kcable =o… =g… =l… =t… =r… =y2009 =m2009-05    kind, origin, classification, language, tag, reference, year, month
    =s… =x…         of a closed source: the organisation that sees it, among all its readers or with the verb for confidential ones
No word of a text begins with these signs. Open and closed sources have an index each, and of the closed ones only those of the own
organisations are visited: how long a question takes does not depend on what the asker may not see.
"""

from __future__ import annotations

# What stood there before, but plain Latin letters, the most of all, pass as they are.
PLAIN = """
CREATE OR REPLACE FUNCTION library_plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT CASE WHEN octet_length($1) = length($1) THEN $1 ELSE translate($1, 'يكةۀأإآ' || chr(8204), 'یکههاا' || 'ا' || ' ') END $$;
"""

TABLES = """
CREATE TABLE library_index (
    document_id uuid PRIMARY KEY REFERENCES library_document (id) ON DELETE CASCADE,
    version int NOT NULL,
    organisation_id uuid,
    rank smallint NOT NULL,
    kind text NOT NULL,
    created_on date,
    origin text NOT NULL,
    classification text NOT NULL,
    language text NOT NULL,
    tags text[] NOT NULL,
    search tsvector NOT NULL
) WITH (toast_tuple_target = 128);
COMMENT ON TABLE library_index IS 'The words of sources, for search. Derived; read and written by functions alone.';
ALTER TABLE library_index ALTER COLUMN search SET STORAGE EXTERNAL;
CREATE INDEX library_index_open ON library_index USING gin (search) WHERE rank = 0;
CREATE INDEX library_index_closed ON library_index USING gin (search) WHERE rank > 0;
CREATE TABLE library_count (
    organisation_id uuid,
    rank smallint NOT NULL,
    facet text NOT NULL,
    value text NOT NULL,
    many int NOT NULL,
    UNIQUE NULLS NOT DISTINCT (facet, value, organisation_id, rank)
);
COMMENT ON TABLE library_count IS 'How many sources bear a value, by who may see them. Derived; kept by triggers of the index.';
CREATE TABLE library_match (
    search_id uuid NOT NULL REFERENCES library_savedsearch (id) ON DELETE CASCADE,
    document_id uuid NOT NULL REFERENCES library_document (id) ON DELETE CASCADE,
    PRIMARY KEY (search_id, document_id)
);
COMMENT ON TABLE library_match IS 'New sources that answer a saved search, whoever may see them; told by library_alerts alone, under the rule.';
CREATE INDEX library_match_document ON library_match (document_id);
"""
DROP_TABLES = "DROP TABLE library_match; DROP TABLE library_count; DROP TABLE library_index;"

COUNTING = """
CREATE FUNCTION library_facets(one library_index) RETURNS TABLE (facet text, value text) LANGUAGE sql IMMUTABLE AS $$
    SELECT 'all', '' UNION ALL SELECT 'kind', one.kind UNION ALL SELECT 'origin', one.origin
    UNION ALL SELECT 'classification', one.classification UNION ALL SELECT 'language', one.language
    UNION ALL SELECT 'day', coalesce(one.created_on::text, '')
    UNION ALL SELECT 'month', coalesce(left(one.created_on::text, 7), '') UNION ALL SELECT 'tag', unnest(one.tags)
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
CREATE FUNCTION library_marks(d library_document) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_remove(ARRAY['=k' || d.kind, '=o' || d.origin, '=g' || d.classification, '=l' || d.language, '=r' || d.refid,
        '=y' || extract(year FROM d.created_on)::text, '=m' || left(d.created_on::text, 7),
        CASE WHEN d.rank = 1 THEN '=s' || coalesce(d.organisation_id::text, '') WHEN d.rank > 1 THEN '=x' || coalesce(d.organisation_id::text, '') END],
        NULL) || ARRAY(SELECT '=t' || tag FROM unnest(d.tags) tag)
$$;
COMMENT ON FUNCTION library_marks(library_document) IS 'What a source is found by beside its words.';
CREATE FUNCTION library_vector(d library_document, body text) RETURNS tsvector
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    title tsvector := setweight(to_tsvector('russian', library_plain(d.title || ' ' || d.refid)), 'A');
    said tsvector := title || to_tsvector('russian', left(library_plain(coalesce(body, '')), 400000));
BEGIN
    RETURN said || to_tsvector('simple', d.sounds) || array_to_tsvector(library_marks(d)
        || ARRAY(SELECT '^' || t FROM unnest(tsvector_to_array(title)) t)
        || ARRAY(SELECT repeat('+', n) || lexeme FROM (
            SELECT w.lexeme, cardinality(w.positions) + CASE WHEN w.weights[1] = 'A' THEN 9 ELSE 0 END AS times FROM unnest(said) w) spoken,
            generate_series(1, CASE WHEN times > 19 THEN 4 WHEN times > 12 THEN 3 WHEN times > 6 THEN 2 WHEN times > 2 THEN 1 ELSE 0 END) n));
END $$;
COMMENT ON FUNCTION library_vector(library_document, text) IS 'All that a source can be found by.';
CREATE FUNCTION library_index_documents(ids uuid[]) RETURNS int
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
            SELECT string_agg(p.text, E'\\n' ORDER BY p.position) AS words
            FROM library_paragraph p WHERE p.document_id = d.id AND p.in_force) w ON true
        WHERE d.id = ANY (ids) AND d.state = 'in_force'),
    written AS (INSERT INTO library_index SELECT * FROM line RETURNING document_id),
    awaited AS MATERIALIZED (SELECT id, words::tsquery AS words, since, until FROM library_savedsearch WHERE words > ''),
    -- What is new is matched while it is at hand; a search is never asked again for what was here before.
    matched AS (INSERT INTO library_match
        SELECT a.id, l.id FROM line l JOIN awaited a ON l.search @@ a.words
         AND (a.since IS NULL OR l.created_on >= a.since) AND (a.until IS NULL OR l.created_on <= a.until) WHERE l.version = 1)
    SELECT count(*) INTO made FROM written;
    -- What many sources wait with is put in its place at once: dearer one by one, and dear to every question until then.
    PERFORM gin_clean_pending_list('library_index_open'), gin_clean_pending_list('library_index_closed');
    PERFORM set_config('panoh.inside', '', true);
    RETURN made;
END $$;
COMMENT ON FUNCTION library_index_documents(uuid[]) IS 'The index of these sources, made anew from their rows.';
"""
DROP_WRITING = """
DROP FUNCTION library_index_documents(uuid[]); DROP FUNCTION library_vector(library_document, text); DROP FUNCTION library_marks(library_document);
"""

# What is asked is bound, never spliced; what is put together are the pieces written here.
ASKING = r"""
CREATE FUNCTION library_rule() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF access_everything() THEN RETURN 'true'; END IF;
    IF library_operator() THEN RETURN 'i.organisation_id IS NULL'; END IF;
    IF NOT library_holds('library.document.read') THEN RETURN 'false'; END IF;
    RETURN format('(i.rank = 0 OR (i.organisation_id = ANY (%L::uuid[]) AND i.rank <= %s))', library_organisations(),
                  CASE WHEN library_holds('library.restricted.read') THEN 9 ELSE 1 END);
END $$;
COMMENT ON FUNCTION library_rule() IS 'Which lines of the index the signed context may see, as a condition; as the policy of library_document.';
CREATE FUNCTION library_mark(sign text, VARIADIC wanted text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg('''' || replace(replace(sign || one, '\', '\\'), '''', '''''') || '''', ' | '), '')::tsquery FROM unnest(wanted) one
$$;
COMMENT ON FUNCTION library_mark(text, text[]) IS 'Sources that bear one of these marks.';
CREATE FUNCTION library_scope() RETURNS tsquery LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN access_everything() OR library_operator() THEN ''::tsquery
           ELSE library_mark('=s', VARIADIC own) || CASE WHEN library_holds('library.restricted.read') THEN library_mark('=x', VARIADIC own) ELSE ''::tsquery END END
    FROM (SELECT library_organisations()::text[] AS own) mine
$$;
COMMENT ON FUNCTION library_scope() IS 'The closed sources of the organisations whose files the signed context sees: the index leads to no others.';
CREATE FUNCTION library_words_as(words tsquery, sign text) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(regexp_replace(words::text, '<(?:-|\d+)>', '&', 'g'),
        CASE WHEN sign = '' THEN '''((?:[^'']|'''')+)''(?::[*ABCD]+)?' ELSE '''\^?((?:[^'']|'''')+)''(?::[*ABCD]+)?' END, '''' || sign || '\1''', 'g')::tsquery
$$;
COMMENT ON FUNCTION library_words_as(tsquery, text) IS 'The same words in any order, as bare words or with a sign before them.';
CREATE FUNCTION library_in_title(words tsquery) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
    SELECT library_words_as(words, '^') && CASE WHEN words::text LIKE '%<%>%' THEN regexp_replace(words::text, '(''(?:[^'']|'''')+'')', '\1:A', 'g')::tsquery ELSE '' END
$$;
COMMENT ON FUNCTION library_in_title(tsquery) IS 'These words in the title; of a phrase the places are compared.';
CREATE FUNCTION library_asked_marks(asked jsonb) RETURNS tsquery LANGUAGE plpgsql STABLE AS $$
DECLARE
    found tsquery := '';
    tag text;
BEGIN
    IF asked ? 'kind' THEN found := found && library_mark('=k', asked->>'kind'); END IF;
    IF asked ? 'origin' THEN found := found && library_mark('=o', asked->>'origin'); END IF;
    IF asked ? 'classification' THEN found := found && library_mark('=g', asked->>'classification'); END IF;
    IF asked ? 'language' THEN found := found && library_mark('=l', asked->>'language'); END IF;
    IF asked ? 'refid' THEN found := found && library_mark('=r', asked->>'refid'); END IF;
    IF asked ? 'tags' THEN
        FOR tag IN SELECT jsonb_array_elements_text(asked->'tags') LOOP found := found && library_mark('=t', tag); END LOOP;
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION library_asked_marks(jsonb) IS 'The fields of a question as marks.';
"""
DROP_ASKING = """
DROP FUNCTION library_asked_marks(jsonb); DROP FUNCTION library_in_title(tsquery); DROP FUNCTION library_words_as(tsquery, text); DROP FUNCTION library_scope();
DROP FUNCTION library_mark(text, text[]); DROP FUNCTION library_rule();
"""

# From the newest sources backwards, in windows that grow, so that a common word costs no more than a rare one: what is counted are
# the newest that answer, as many as `most`. Where places of words have to be compared (phrases, near, words of the title), each source that
# holds the words is opened for it; then the window is one that holds few enough of them, and the answer tells where it begins.
FINDING = """
CREATE FUNCTION library_back(sums bigint[], size int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce((SELECT min(n) FROM generate_subscripts(sums, 1) n WHERE sums[n] >= size), cardinality(sums))
$$;
COMMENT ON FUNCTION library_back(bigint[], int) IS 'How many months back so many sources reach.';
CREATE FUNCTION library_since(months text[], back int) RETURNS tsquery LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN back > 12 THEN library_mark('=y', VARIADIC ARRAY(SELECT DISTINCT ltrim(left(m, 4), '0') FROM unnest(months[:back]) m))
                ELSE library_mark('=m', VARIADIC CASE WHEN back > 0 THEN months[:back] ELSE '{none}' END) END
$$;
COMMENT ON FUNCTION library_since(text[], int) IS 'Sources of the first so many of these months; of more than twelve, whole years: few marks are quicker than many.';
CREATE FUNCTION library_count_hits(source text, question tsquery, scope tsquery, asked jsonb, most int) RETURNS int LANGUAGE plpgsql STABLE AS $$
DECLARE
    many int;
BEGIN
    EXECUTE format('SELECT count(*) FROM (SELECT FROM (%s) hit LIMIT $4) few', source) INTO many USING question, asked, question && scope, most + 1;
    RETURN many;
END $$;
COMMENT ON FUNCTION library_count_hits(text, tsquery, tsquery, jsonb, int) IS 'How many answer, up to one more than is asked for; with the rights of whoever calls.';

CREATE FUNCTION library_find(asked jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
    few CONSTANT int := 10000;
    near CONSTANT int := 1500;
    far CONSTANT int := 6000;
    farther CONSTANT int := 30000;
    compared_most CONSTANT int := 1000;
    ranked_most CONSTANT int := 300;
    rule text := library_rule();
    scope tsquery := library_scope();
    words tsquery := (asked->>'words')::tsquery;
    most int := least((asked->>'most')::int, 10000);
    best boolean := numnode(words) > 0 AND asked->>'order' IN ('best', 'alike');
    compared boolean := words::text ~ '<(-|[0-9]+)>|'':[*ABCD]';
    months text[];
    sums bigint[];
    source text;
    days text := '';
    plain tsquery;
    whole tsquery := '';
    chosen tsquery;
    bare tsquery;
    back int := 0;
    level text;
    candidates uuid[] := '{}';
    answer jsonb;
BEGIN
    EXECUTE format('SELECT coalesce(array_agg(value ORDER BY value DESC), ''{}''), coalesce(array_agg(total ORDER BY value DESC), ''{}'')'
        ' FROM (SELECT value, sum(sum(many)) OVER (ORDER BY value DESC) AS total FROM library_count i'
        ' WHERE facet = ''month'' AND value > '''' AND value >= left($1, 7) AND value <= left($2, 7) AND %s GROUP BY value HAVING sum(many) > 0) m', rule)
    INTO months, sums USING coalesce(asked->>'since', '0001'), coalesce(asked->>'until', '9999-12');
    IF asked ? 'since' THEN days := days || ' AND i.created_on >= ($2->>''since'')::date'; END IF;
    IF asked ? 'until' THEN days := days || ' AND i.created_on <= ($2->>''until'')::date'; END IF;
    -- $1 is the question to the open sources, $3 the same to the closed ones of the own organisations, $2 what was asked.
    source := format('SELECT i.document_id, i.created_on, i.kind, i.origin, i.classification, i.language, i.tags'
        ' FROM library_index i WHERE i.rank = 0 AND %1$s AND i.search @@ $1%2$s'
        ' UNION ALL SELECT i.document_id, i.created_on, i.kind, i.origin, i.classification, i.language, i.tags'
        ' FROM library_index i WHERE i.rank > 0 AND %1$s AND i.search @@ $3%2$s', rule, days);
    plain := words && library_asked_marks(asked);
    IF asked ? 'since' OR asked ? 'until' THEN
        whole := library_since(months, cardinality(months));
    ELSIF numnode(plain) = 0 THEN
        RETURN '{"total": 0, "looked_back_to": null, "ids": [], "facets": []}';  -- of stop words alone
    END IF;
    chosen := plain && whole;
    IF compared THEN
        bare := library_words_as(words, '') && library_asked_marks(asked);
        IF library_count_hits(source, bare && library_since(months, library_back(sums, far)), scope, asked, compared_most) > compared_most THEN
            back := library_back(sums, near);
        ELSIF library_count_hits(source, bare && whole, scope, asked, compared_most) > compared_most THEN
            back := library_back(sums, CASE WHEN library_count_hits(
                source, bare && library_since(months, library_back(sums, farther)), scope, asked, compared_most) > compared_most THEN far ELSE farther END);
        END IF;
    ELSIF querytree(plain) = 'T' THEN
        back := library_back(sums, farther);  -- only what must not be there: no index leads to the rest
    ELSIF coalesce(sums[cardinality(sums)], 0) < few THEN
        NULL;  -- so few that all of them are soon looked through
    ELSIF library_count_hits(source, plain && library_since(months, library_back(sums, far)), scope, asked, most) > most THEN
        back := library_back(sums, far);
    ELSIF library_count_hits(source, chosen, scope, asked, most) > most
          AND library_count_hits(source, plain && library_since(months, library_back(sums, farther)), scope, asked, most) > most THEN
        back := library_back(sums, farther);
    END IF;
    IF compared AND back > 0 THEN chosen := plain && library_since(months, back); END IF;
    IF asked->>'order' = 'best' AND best THEN
        -- Among all that answer, not among the newest: those that speak of it most.
        FOREACH level IN ARRAY ARRAY['++++', '+++', '++', '+'] LOOP
            EXECUTE format('SELECT coalesce(array_agg(document_id), ''{}'') FROM (SELECT document_id FROM (%s) hit'
                ' ORDER BY created_on DESC NULLS LAST, document_id LIMIT $4) few', source)
            INTO candidates
            USING chosen && library_words_as(words, level), asked, chosen && library_words_as(words, level) && scope, ranked_most;
            EXIT WHEN cardinality(candidates) >= ranked_most / 5;
        END LOOP;
    END IF;
    IF NOT compared AND back > 0 THEN chosen := plain && library_since(months, back); END IF;
    EXECUTE format($find$
        WITH hit AS MATERIALIZED (SELECT * FROM (%s) one ORDER BY created_on DESC NULLS LAST, document_id LIMIT $4 + 1),
        kept AS MATERIALIZED (SELECT * FROM hit LIMIT $4),
        likely AS MATERIALIZED (
            SELECT unnest($5) AS document_id
            UNION SELECT document_id FROM (SELECT document_id FROM kept LIMIT CASE WHEN $6 THEN $7 - cardinality($5) ELSE 0 END) newest),
        ranked AS MATERIALIZED (
            SELECT i.document_id, i.created_on, ts_rank_cd('{0.1,0.2,0.4,1.0}', i.search, $8, 1) AS score
            FROM library_index i WHERE i.document_id IN (SELECT document_id FROM likely)),
        ordered AS (
            SELECT document_id, created_on, score FROM ranked
            UNION ALL SELECT document_id, created_on, -1 FROM kept k WHERE NOT EXISTS (SELECT FROM ranked r WHERE r.document_id = k.document_id)),
        facet AS (
            SELECT 'kind' AS facet, kind AS value, count(*) AS many FROM kept GROUP BY 2
            UNION ALL SELECT 'origin', origin, count(*) FROM kept GROUP BY 2
            UNION ALL SELECT 'classification', classification, count(*) FROM kept GROUP BY 2
            UNION ALL SELECT 'language', language, count(*) FROM kept GROUP BY 2
            UNION ALL SELECT 'year', extract(year FROM created_on)::int::text, count(*) FROM kept WHERE created_on IS NOT NULL GROUP BY 2
            UNION ALL (SELECT 'tag', t, count(*) FROM kept, unnest(tags) t GROUP BY 2 ORDER BY 3 DESC LIMIT 60))
        SELECT jsonb_build_object(
            'total', (SELECT count(*) FROM hit),
            'looked_back_to', $9,
            'ids', (SELECT coalesce(jsonb_agg(document_id), '[]') FROM (
                SELECT document_id FROM ordered ORDER BY score DESC, created_on DESC NULLS LAST, document_id
                OFFSET ($2->>'skip')::int LIMIT ($2->>'page')::int) page),
            'facets', CASE WHEN ($2->>'facets')::boolean THEN (
                SELECT coalesce(jsonb_agg(jsonb_build_array(facet, value, many) ORDER BY many DESC, value), '[]') FROM facet) END)
        $find$, source)
    INTO answer
    USING chosen, asked, chosen && scope, most, candidates, best, ranked_most,
          regexp_replace(words::text, '''\\^', '''', 'g')::tsquery, CASE WHEN NOT compared AND querytree(plain) <> 'T' OR back = cardinality(months) THEN NULL
               WHEN back > 12 THEN left(months[back], 4) || '-01-01' WHEN back > 0 THEN months[back] || '-01' END;
    RETURN answer;
END $$;
COMMENT ON FUNCTION library_find(jsonb) IS 'Ids and counts of the sources that answer a question and that the signed context may see.';

CREATE FUNCTION library_alerts(most int) RETURNS TABLE (search_id uuid, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT s.id, (SELECT count(*) FROM (SELECT FROM library_match m JOIN library_index i ON i.document_id = m.document_id'
        ' WHERE m.search_id = s.id AND %s LIMIT $2) few) FROM library_savedsearch s WHERE s.member_id = $1', library_rule())
    USING (access_context()->>'actor')::uuid, most;
END $$;
COMMENT ON FUNCTION library_alerts(int) IS 'How many new sources that the signed context may see answer each search of its member.';
CREATE FUNCTION library_looked_at(search uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM library_match m USING library_savedsearch s
    WHERE s.id = search AND m.search_id = s.id AND s.member_id = (access_context()->>'actor')::uuid
$$;
COMMENT ON FUNCTION library_looked_at(uuid) IS 'What is new for a search of its member was seen.';

CREATE FUNCTION library_telling(said text) RETURNS tsquery
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH common AS MATERIALIZED (
        SELECT word, freq FROM pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs[1:cardinality(s.most_common_elems::text::text[])]) AS e (word, freq)
        WHERE s.schemaname = 'public' AND s.tablename = 'library_index' AND s.attname = 'search'),
    rare AS (
        SELECT '''' || replace(replace(w, '\\', '\\\\'), '''', '''''') || '''' AS word, row_number() OVER (ORDER BY coalesce(c.freq, 0), length(w) DESC, w) AS place
        FROM unnest(tsvector_to_array(to_tsvector('russian', library_plain(said)))) w LEFT JOIN common c ON c.word = w WHERE length(w) > 3
        ORDER BY place LIMIT 4)
    SELECT coalesce((SELECT string_agg(format('(%s & %s)', a.word, b.word), ' | ') FROM rare a JOIN rare b ON a.place < b.place),
                    (SELECT string_agg(word, '') FROM rare), '')::tsquery
$$;
COMMENT ON FUNCTION library_telling(text) IS 'Any two of the four words of a paragraph that are rarest in the index; how rare, the statistics of the planner know.';

CREATE FUNCTION library_counts(facets text[]) RETURNS TABLE (facet text, value text, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT i.facet, i.value, sum(i.many) FROM library_count i WHERE i.facet = ANY ($1) AND %s GROUP BY 1, 2 HAVING sum(i.many) > 0',
        library_rule()) USING facets;
END $$;
COMMENT ON FUNCTION library_counts(text[]) IS 'How many sources that the signed context may see bear which value.';
"""
DROP_FINDING = """
DROP FUNCTION library_counts(text[]); DROP FUNCTION library_telling(text);
DROP FUNCTION library_looked_at(uuid); DROP FUNCTION library_alerts(int); DROP FUNCTION library_find(jsonb);
DROP FUNCTION library_count_hits(text, tsquery, tsquery, jsonb, int); DROP FUNCTION library_since(text[], int); DROP FUNCTION library_back(bigint[], int);
"""
