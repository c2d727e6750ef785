"""What can be done with forms and papers: one function per act, keyword-only, atomic, one ledger entry each."""

from panoh.papers.operations.confirming import confirm_paper, refuse_paper
from panoh.papers.operations.ending import end_papers_of_closed, replace_paper, revoke_paper
from panoh.papers.operations.preparing import prepare_paper
from panoh.papers.operations.stock import receive_stock, spoil_form

__all__ = [
    "confirm_paper",
    "end_papers_of_closed",
    "prepare_paper",
    "receive_stock",
    "refuse_paper",
    "replace_paper",
    "revoke_paper",
    "spoil_form",
]
