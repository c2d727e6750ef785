"""All facts of the context in one row, and the rule of grants by it (`panoh.access.rls`).

Each fact asked for alone was a check of the context of its own: a question about a person's names checked it 42 times, and
planning the subqueries took longer than answering.
"""

from django.db import migrations

from panoh.access import rls

READ = """
ALTER POLICY panoh_read ON access_grant USING (EXISTS (SELECT FROM access_facts() f WHERE
    access_grant.member_id = f.member OR f.receiver IN (access_grant.organisation_id, access_grant.given_by_organisation_id)
    OR (access_grant.basis = 'override' AND f.purpose = 'audit') OR f.everything))
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0007_tokens")]

    operations = [migrations.RunSQL([rls.FACTS, READ], migrations.RunSQL.noop)]
