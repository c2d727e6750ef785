"""What can be done to households and persons: one function per act, atomic, with exactly one ledger entry."""

from panoh.registry.operations.consents import give_consent, withdraw_consent
from panoh.registry.operations.frame import Done
from panoh.registry.operations.registering import RegisteredHousehold, register_household

__all__ = ["Done", "RegisteredHousehold", "give_consent", "register_household", "withdraw_consent"]
