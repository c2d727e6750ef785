from panoh.kernel.problems import ProblemText

CATALOGUE: dict[str, ProblemText] = {}
