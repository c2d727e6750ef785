"""Of persons who fit equally well, those who are looked at do not depend on when they were registered.

More than two hundred namesakes are common. The oldest records always came first, so that a duplicate of a recent record was
passed over; and a measurement in which those sought were registered first did better than it should.
"""

from django.db import migrations

from panoh.registry.migrations import _names as sql

REPLACE = sql.NAMED[: sql.NAMED.index("COMMENT ON FUNCTION registry_named")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
BY_AGE, BY_CHANCE = (
    "scored.score DESC, scored.person_id LIMIT",
    "scored.score DESC, right(scored.person_id::text, 12) LIMIT",
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_words_at_hand")]

    operations = [migrations.RunSQL(REPLACE.replace(BY_AGE, BY_CHANCE), REPLACE)]
