"""Who may do and see what: accounts, organisations, roles, agreements, grants, and the database's second lock."""
