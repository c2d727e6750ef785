"""Redacted words are kept apart, so that a new reading leaves them out wherever they stand; open doubts are counted by an index."""

from django.conf import settings
from django.db import migrations, models

OWNER = settings.DATABASE_ROLES.owner

OPENED = (
    f'CREATE POLICY within_library_select ON library_redaction FOR SELECT TO "{OWNER}" '
    "USING ((SELECT current_setting('panoh.inside', true)) = 'library');"
)
# Tells nothing that is not in the texts already: what comes back is shorter by the words that they hold.
BLACKENED = """
CREATE FUNCTION library_blackened(document uuid, texts text[]) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone text;
BEGIN
    PERFORM set_config('panoh.inside', 'library', true);
    FOR gone IN SELECT DISTINCT r.words FROM library_redaction r WHERE r.document_id = document AND r.words > '' ORDER BY 1 DESC LOOP
        SELECT array_agg(replace(t, gone, repeat('█', greatest(3, least(length(gone), 12)))) ORDER BY place) INTO texts FROM unnest(texts) WITH ORDINALITY one (t, place);
    END LOOP;
    PERFORM set_config('panoh.inside', '', true);
    RETURN texts;
END $$;
COMMENT ON FUNCTION library_blackened(uuid, text[]) IS 'These texts without the words that were redacted in the source.';
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0006_statements")]

    operations = [
        migrations.AddField(
            "redaction",
            "words",
            models.TextField(default="", help_text="what is no longer shown, wherever in the source it stands"),
        ),
        migrations.AddIndex(
            "doubt", models.Index(condition=models.Q(("settled_at", None)), fields=["document"], name="doubt_open")
        ),
        migrations.RunSQL(OPENED, "DROP POLICY within_library_select ON library_redaction"),
        migrations.RunSQL(BLACKENED, "DROP FUNCTION library_blackened(uuid, text[])"),
    ]
