"""A refusal shown in the form that caused it, with everything typed kept.

Rooms' views call an operation; where it raises a Problem, `refuse(form, problem)` hangs each sentence on its field and the
view renders the form again with the status it returns.
"""

from django import forms

from panoh.kernel.problems import Problem, render


def refuse(form: forms.BaseForm, problem: Problem) -> int:
    """Put the problem's texts on the form; returns the HTTP status for the answer (422, 409 …)."""
    texts = render(problem)
    for text in texts:
        field = text.field if text.field in form.fields else None
        sentence = " ".join(part for part in (text.happened, text.why, text.next) if part)
        form.add_error(field, forms.ValidationError(sentence, code=text.code))
    return max(text.status for text in texts)
