"""Functions that work with the owner's rights are there for the application alone. Run after every migration.

PostgreSQL lets everybody call a new function unless it is told otherwise. Here, and not in each migration, because a
function that is dropped and made anew is open again. `project.migrating` calls `apply` as the owner.
"""

from __future__ import annotations

from typing import Any

OPEN = """
SELECT p.oid::regprocedure::text FROM pg_proc p
WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace AND pg_get_userbyid(p.proowner) = current_user
  AND p.prorettype <> 'trigger'::regtype
  AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0)"""
# The policies of the tables that statistics counts in read the context before they agree.
OF_THE_READER = ("access_context()",)


def apply(cursor: Any, roles: Any) -> None:
    cursor.execute(OPEN)
    for (function,) in cursor.fetchall():
        cursor.execute(
            f'REVOKE ALL ON FUNCTION {function} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {function} TO "{roles.app}"'
        )
        if function in OF_THE_READER:
            cursor.execute(f'GRANT EXECUTE ON FUNCTION {function} TO "{roles.reader}"')
