"""The country as data: law in force, time limits, procedures, code lists and places, loaded from `countries/<code>/` and checked whole.

Plain Python and pure: nothing here knows a database, a clock or a request. A rule is always asked for *on a day*; a day outside what
the data cover raises `NoRuleInForce`, never a silent default.
"""

from panoh.rulebook.faults import Fault, RulebookError
from panoh.rulebook.in_force import current, using
from panoh.rulebook.law import NoRuleInForce
from panoh.rulebook.loader import load

__all__ = ["Fault", "NoRuleInForce", "RulebookError", "current", "load", "using"]
