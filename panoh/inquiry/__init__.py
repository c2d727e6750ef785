"""What a person asks about her own case: where it stands, what comes next and until when she may act, without an account.

An officer makes a code and hands it over on a slip; with the number of the case and the code anybody can ask, from any phone.
The answer names nobody. The office cannot take a code back unseen: each is an entry of the ledger.
"""
