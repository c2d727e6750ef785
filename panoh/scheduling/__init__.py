"""Who interviews whom, when and with which interpreter: the plan of an interview mission (circuit ride).

A mission goes from place to place on fixed days with officers, interpreters and rooms; families wait in those places, each
with a language, a wish for the sex of officer and interpreter, a length and an urgency. `solve` lays them out, the most urgent
first, and says how far the plan can be from the best one that there is; `explain` says why a family got its place or none;
`replan` fills the gap that a no-show leaves without moving anybody else. Plain Python with the solver HiGHS: no table, no
request, no clock.
"""
