"""The synthetic operation: a register of Tajikistan that adds up to UNHCR's published tables, made from a seed.

`plan` decides with whole numbers who came, was decided upon and left in which year; `people` and `histories` give the
families names, days and lives; `loading` writes them into the register with their ledger entries. Nobody in it exists.
"""
