"""Which records of a whole register may be one person: near words, candidates, evidence, and the weight of a pair.

Called by `panoh.registry.linking` and, on a table without a database, by `panoh link --file`. Decides nothing: every pair
is a suggestion for a person to judge.
"""
