"""Linkage of the whole register: which of all its records may be one person, kept as suggestions for people to judge.

`reading` makes arrays of what the actor sees, `compared` keeps which records were compared already, `running` carries a
linkage out, `explaining` tells what weighs for and against one pair. How pairs are found and weighed: `panoh.identity.linkage`.
"""
