"""How sources are found, since 0006: statements that the database plans once for each connection, and few of them to a question.

What may be seen is asked of the signed context once (`library_rights`) and bound into every statement beside what is asked. A question
goes four ways through the index: how often it is answered among the newest two thousand; the newest that answer, from as far back as
that takes; those that speak of it most; and the counts and the order of what was found.
"""

from __future__ import annotations

# The rule of 0002_locks.SEEN, of a line `i` and the rights `may`.
OPEN = "i.rank = 0 AND (may.everything OR may.reads OR may.operator AND i.organisation_id IS NULL)"
CLOSED = """i.rank > 0 AND (may.everything OR may.operator AND i.organisation_id IS NULL
            OR may.reads AND i.organisation_id = ANY (may.own) AND i.rank <= may.top)"""
DAYS = "(since IS NULL OR i.created_on >= since) AND (until IS NULL OR i.created_on <= until)"


def answering(question: str, columns: str = "i.document_id, i.created_on") -> str:
    """The lines that answer a question (an expression of PL/pgSQL): open ones, and closed ones of the own organisations."""
    return f"""SELECT {columns} FROM library_index i WHERE {OPEN} AND i.search @@ {question} AND {DAYS}
        UNION ALL SELECT {columns} FROM library_index i WHERE {CLOSED} AND i.search @@ ({question} && scope) AND {DAYS}"""  # noqa: S608 - names written here


FINDING = f"""
CREATE FUNCTION library_rights(OUT everything boolean, OUT operator boolean, OUT reads boolean, OUT own uuid[], OUT top int)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    everything := access_everything();
    operator := library_operator();
    reads := library_holds('library.document.read');
    own := library_organisations();
    top := CASE WHEN library_holds('library.restricted.read') THEN 9 ELSE 1 END;
END $$;
COMMENT ON FUNCTION library_rights() IS 'What the signed context may see of the index; as the policy of library_document.';

CREATE FUNCTION library_find(asked jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    few CONSTANT int := 10000;  -- a library as small as that is looked through whole
    probed CONSTANT int := 2000;
    sure CONSTANT int := 30;  -- so many of the probed have to answer before it is said how far back the rest will reach
    farther CONSTANT int := 30000;
    opened_most CONSTANT int := 400;
    ranked_most CONSTANT int := 200;
    may record;
    scope tsquery := library_scope();
    words tsquery := (asked->>'words')::tsquery;
    most int := least((asked->>'most')::int, 10000);
    since date := (asked->>'since')::date;
    until date := (asked->>'until')::date;
    compared boolean := words::text ~ '<(-|[0-9]+)>|'':[*ABCD]';
    only_without boolean;
    months text[];
    sums bigint[];
    here bigint;
    marked tsquery := library_asked_marks(asked);
    plain tsquery := words && library_asked_marks(asked);
    whole tsquery := '';
    bare tsquery;
    chosen tsquery;
    wanted int;
    counted int;
    back int := 0;
    level text;
    hits uuid[];
    days date[];
    best uuid[] := '{{}}';
    looked_back_to date;
    answer jsonb;
BEGIN
    SELECT * INTO may FROM library_rights();
    SELECT coalesce(array_agg(value ORDER BY value DESC), '{{}}'), coalesce(array_agg(total ORDER BY value DESC), '{{}}') INTO months, sums FROM (
        SELECT value, sum(sum(i.many)) OVER (ORDER BY value DESC) AS total FROM library_count i
        WHERE facet = 'month' AND value > '' AND value >= left(coalesce(asked->>'since', '0001'), 7) AND value <= left(coalesce(asked->>'until', '9999-12'), 7)
          AND ({OPEN} OR {CLOSED}) GROUP BY value HAVING sum(i.many) > 0) m;
    here := coalesce(sums[cardinality(sums)], 0);
    IF since IS NOT NULL OR until IS NOT NULL THEN
        whole := library_since(months, cardinality(months));
    ELSIF numnode(plain) = 0 THEN
        RETURN '{{"total": 0, "looked_back_to": null, "ids": [], "facets": []}}';  -- of stop words alone
    END IF;
    only_without := querytree(plain) = 'T';  -- only what must not be there: no index leads to the rest
    IF numnode(plain) > 0 AND NOT only_without AND whole::text > '' THEN
        -- Where most sources are of these days, looking at each one's day costs less than asking for all the years.
        SELECT sum(i.many) INTO counted FROM library_count i WHERE i.facet = 'all' AND ({OPEN} OR {CLOSED});
        IF here * 3 > counted THEN whole := ''; END IF;
    END IF;
    bare := CASE WHEN compared THEN library_words_as(words, '') && marked ELSE plain END;
    wanted := CASE WHEN compared THEN opened_most ELSE most + 1 END;
    chosen := bare && whole;
    IF only_without THEN
        back := library_back(sums, farther);
    ELSIF here > few THEN
        chosen := bare && library_since(months, library_back(sums, probed));
        SELECT count(*) INTO counted FROM (SELECT FROM ({answering("chosen")}) hit LIMIT wanted) newest;
        chosen := bare && whole;
        IF counted >= wanted THEN
            back := library_back(sums, probed);
        ELSIF counted >= sure THEN
            -- Half as far again as the newest let expect; where that is most of all there is, all.
            counted := wanted * 1.6 * sums[library_back(sums, probed)] / counted;
            IF counted < here * 0.6 THEN back := library_back(sums, counted); END IF;
        END IF;
    END IF;
    IF back > 0 AND back < cardinality(months) THEN chosen := bare && library_since(months, back); ELSE back := 0; END IF;
    SELECT array_agg(document_id), array_agg(created_on) INTO hits, days FROM (
        SELECT document_id, created_on FROM ({answering("chosen")}) hit ORDER BY created_on DESC NULLS LAST, document_id LIMIT wanted) newest;
    IF back > 0 AND NOT only_without AND coalesce(cardinality(hits), 0) < wanted THEN
        -- The newest had spoken of it more than the others do.
        back := 0;
        chosen := bare && whole;
        SELECT array_agg(document_id), array_agg(created_on) INTO hits, days FROM (
            SELECT document_id, created_on FROM ({answering("chosen")}) hit ORDER BY created_on DESC NULLS LAST, document_id LIMIT wanted) newest;
    END IF;
    hits := coalesce(hits, '{{}}');
    IF only_without AND back > 0 THEN
        looked_back_to := months[back] || '-01';
        IF back > 12 THEN looked_back_to := left(months[back], 4) || '-01-01'; END IF;
    END IF;
    IF compared THEN
        -- Each source that holds the words is opened to compare their places: the newest of them, whole days.
        IF cardinality(hits) = wanted AND days[1] IS DISTINCT FROM days[wanted] THEN
            looked_back_to := coalesce(days[wanted] + 1, days[wanted - 1]);
        ELSIF cardinality(hits) = wanted THEN
            looked_back_to := days[wanted];
        END IF;
        SELECT coalesce(array_agg(document_id ORDER BY created_on DESC NULLS LAST, document_id), '{{}}') INTO hits FROM library_index i
        WHERE i.document_id = ANY (hits) AND (looked_back_to IS NULL OR i.created_on >= looked_back_to) AND i.search @@ plain;
    END IF;
    IF numnode(words) > 0 AND asked->>'order' IN ('best', 'alike') THEN
        IF asked->>'order' = 'best' AND NOT compared AND cardinality(hits) > ranked_most THEN
            -- Among all that answer, not among the newest: those that speak of it most. First seven times; then more, or less.
            level := '++';
            LOOP
                chosen := plain && whole && library_words_as(words, level);
                SELECT coalesce(array_agg(document_id), '{{}}') INTO best FROM (SELECT document_id FROM ({answering("chosen")}) hit LIMIT ranked_most + 1) speaking;
                EXIT WHEN level = '+' OR level = '++++' OR (level = '+++' AND cardinality(best) <= ranked_most);
                IF cardinality(best) > ranked_most THEN level := level || '+';
                ELSIF cardinality(best) < ranked_most / 4 THEN level := '+';
                ELSE EXIT;
                END IF;
            END LOOP;
            best := best[:ranked_most];
        END IF;
        best := best || hits[:ranked_most - cardinality(best)];
    END IF;
    WITH kept AS MATERIALIZED (
        SELECT i.document_id, i.created_on, i.kind, i.origin, i.classification, i.language, i.tags FROM library_index i WHERE i.document_id = ANY (hits[:most])),
    ranked AS MATERIALIZED (
        SELECT i.document_id, i.created_on, ts_rank_cd('{{0.1,0.2,0.4,1.0}}', i.search, regexp_replace(words::text, '''\\^', '''', 'g')::tsquery, 1) AS score
        FROM library_index i WHERE i.document_id = ANY (best)),
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
        'total', cardinality(hits),
        'looked_back_to', looked_back_to,
        'ids', (SELECT coalesce(jsonb_agg(document_id), '[]') FROM (
            SELECT document_id FROM ordered ORDER BY score DESC, created_on DESC NULLS LAST, document_id
            OFFSET (asked->>'skip')::int LIMIT (asked->>'page')::int) page),
        'facets', CASE WHEN (asked->>'facets')::boolean THEN (
            SELECT coalesce(jsonb_agg(jsonb_build_array(facet, value, many) ORDER BY many DESC, value), '[]') FROM facet) END)
    INTO answer;
    RETURN answer;
END $$;
COMMENT ON FUNCTION library_find(jsonb) IS 'Ids and counts of the sources that answer a question and that the signed context may see.';
"""  # noqa: S608 - put together from names written here
