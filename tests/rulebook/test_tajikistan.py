"""The data of Tajikistan: what the law, the contract between rooms, and four languages ask of them."""

from __future__ import annotations

from datetime import date

import holidays
import pytest

from panoh.access.roles import ROLES
from panoh.kernel.names import script_of
from panoh.rulebook.law import LANGUAGES
from panoh.rulebook.procedure import as_text
from panoh.rulebook.vocabulary import EFFECTS, GUARDS, PATH_STAGES

CODE_LISTS = {
    "sex", "marital", "relationship", "education", "needs", "religion", "ethnicity", "languages", "countries", "closure_reasons",
    "status_changes", "grounds", "purposes", "paper_kinds", "reasons_for_flight", "population_groups", "barrier_kinds", "refusal_reasons",
}  # fmt: skip
TODAY = date(2026, 1, 1)


@pytest.fixture(scope="session")
def asylum(tajikistan):
    return tajikistan.procedure("asylum", TODAY)


def test_the_country_has_what_the_rooms_ask_for(tajikistan):
    assert set(tajikistan.codes) >= CODE_LISTS
    assert set(tajikistan.country.roles) == set(ROLES)
    assert tajikistan.country.weekend == {5, 6}
    assert set(tajikistan.country.languages) == set(LANGUAGES)
    assert tajikistan.places["3501000"].titles["tg"] == "Душанбе"


# -- holidays ---------------------------------------------------------------------------------------------------------


def test_holidays_agree_with_the_library_they_were_compared_with(tajikistan):
    ours = {holiday.on for holiday in tajikistan.country.holidays if 2000 <= holiday.on.year <= 2025}
    theirs = holidays.country_holidays("TJ", years=range(2000, 2026))
    assert ours == set(theirs)


def test_feasts_of_coming_years_are_expectations(tajikistan):
    feasts = [one for one in tajikistan.country.holidays if one.titles["en"].startswith("Idi")]
    assert all(one.confirmed == (one.on.year <= 2025) for one in feasts)
    assert {one.on.year for one in feasts} == set(range(2000, 2031))
    assert tajikistan.country.work_calendar.unconfirmed == {one.on for one in feasts if not one.confirmed}


# -- texts ------------------------------------------------------------------------------------------------------------


def titles_of(book):
    yield "country", book.country.titles
    for code, role in book.country.roles.items():
        yield f"role {code}", role.titles
    for act in book.acts.values():
        yield act.id, act.titles
        yield act.id, act.short
    for wordings in book.provisions.values():
        for wording in wordings:
            yield wording.id, wording.titles
            if wording.summary:
                yield wording.id, wording.summary
    for versions in book.values.values():
        for value in versions:
            yield value.id, value.titles
    for holiday in book.country.holidays:
        yield str(holiday.on), holiday.titles
    for barrier in book.known_barriers:
        yield barrier.kind, barrier.titles
    for versions in book.procedures.values():
        for procedure in versions:
            yield from titles_of_procedure(procedure)


def titles_of_procedure(procedure):
    yield procedure.code, procedure.titles
    for part in (procedure.tracks, procedure.states, procedure.clocks, procedure.safeguards, procedure.sittings):
        for code, one in part.items():
            yield code, one.titles
    for code, titles in procedure.outcomes.items():
        yield code, titles
    for sitting in procedure.sittings.values():
        for seat in sitting.seats:
            yield seat.code, seat.titles
    for action in procedure.actions.values():
        yield action.code, action.titles
        yield action.code, action.doing
        for field in (*action.form, *action.per_person):
            yield f"{action.code}.{field.name}", field.titles
            if field.help:
                yield f"{action.code}.{field.name}", field.help
            for choice, titles in field.choices.items():
                yield f"{action.code}.{field.name}.{choice}", titles


SCRIPTS = {"en": "Latn", "ru": "Cyrl", "tg": "Cyrl", "prs": "Arab"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_title_is_written_in_the_script_of_its_language(tajikistan, language):
    wrong = [
        (where, titles[language])
        for where, titles in titles_of(tajikistan)
        if script_of(titles[language]) not in (SCRIPTS[language], None)
    ]
    assert wrong == []


def test_no_russian_title_has_a_tajik_letter_and_no_dari_title_an_arabic_one(tajikistan):
    tajik, arabic = set("ғӣқӯҳҷҒӢҚӮҲҶ"), set("يكىة")
    assert [titles["ru"] for _where, titles in titles_of(tajikistan) if set(titles["ru"]) & tajik] == []
    assert [titles["prs"] for _where, titles in titles_of(tajikistan) if set(titles["prs"]) & arabic] == []


def test_acts_of_one_state_can_be_told_apart_in_every_language(asylum):
    for language in LANGUAGES:
        for track in asylum.tracks:
            for state in asylum.states:
                shown = [action.titles[language] for action in asylum.actions_from(state, track)]
                assert len(shown) == len(set(shown)), (state, language)


def test_provisions_are_cited_as_people_cite_them(tajikistan):
    assert tajikistan.cite("refugees_law.6.11", "en") == "Art. 6(11), Law on Refugees"
    assert tajikistan.cite("refugees_law.6.11", "ru") == "ст. 6(11), Закон «О беженцах»"
    assert tajikistan.cite("refugees_law.6.11", "prs") == "مادهٔ ۶(۱۱)، قانون پناهندگان"
    assert tajikistan.cite("reg324.1", "en") == "§ 1, Regulation No. 324"
    assert tajikistan.cite("refugees_law.limits", "en") == "Law on Refugees"


def test_every_statement_has_a_source_and_what_was_not_located_is_not_verified(tajikistan):
    for versions in tajikistan.values.values():
        for value in versions:
            assert value.source
            provision = tajikistan.provision(value.provision, value.valid_from)
            assert value.confidence == "unverified" or provision.confidence == "verified", value.id
            assert value.confidence == "unverified" or "memory" not in value.source


# -- the asylum procedure ---------------------------------------------------------------------------------------------


def test_the_words_of_the_procedure_are_words_the_engine_knows(asylum):
    assert {guard.name for action in asylum.actions.values() for guard in action.guards} <= set(GUARDS)
    assert {effect.name for action in asylum.actions.values() for effect in action.effects} <= set(EFFECTS)
    assert {state.path_stage for state in asylum.states.values()} <= set(PATH_STAGES)


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (["recognised", "recognised"], "decided_positive"),
        (["recognised", "derivative"], "decided_positive"),
        (["rejected", "derivative"], "decided_partly"),
        (["excluded", "recognised", "recognised"], "decided_partly"),
        (["rejected", "complementary", "excluded"], "decided_partly"),
        (["rejected", "excluded"], "decided_negative"),
        (["excluded"], "decided_negative"),
        ([], None),
    ],
)
def test_the_state_of_the_case_follows_from_the_outcomes_of_the_persons(asylum, outcomes, state):
    assert asylum.actions["decide"].to_by.state_for(outcomes) == state


def test_an_appeal_is_decided_for_each_person_or_sends_the_case_back(asylum):
    branch = asylum.actions["decide_appeal"].to_by
    assert branch.state_for(["recognised", "rejected"]) == "decided_partly"
    assert branch.state_for(["rejected"]) == "decided_negative"
    assert asylum.actions["remit_appeal"].to_state == "accepted"
    for clock in ("overall", "mandate_decision"):
        assert "remit_appeal" in asylum.clocks[clock].starts_on, "the time of the first instance begins anew"


def test_the_note_to_a_consulate_does_not_tell_that_somebody_asked_for_asylum(tajikistan):
    """A letter cites the provisions of its act (Art. 14(3): nothing goes to the country of origin without written consent)."""
    statelessness = tajikistan.procedures["statelessness"][-1]
    act, letter = statelessness.actions["ask_consulate"], statelessness.letters["consular_query"]
    assert not any(basis.startswith(("refugees_law", "convention_1951")) for basis in act.legal_basis)
    told = " ".join((*letter.titles.values(), *letter.text.values())).lower()
    assert not any(word in told for word in ("asylum", "refugee", "убежищ", "бежен", "паноҳ", "гуреза", "پناه"))


REFUSING = ["asylum", "complaint", "dafi", "data_request", "family_unity", "legal_aid", "naturalisation", "paper_request",
            "statelessness", "status_end"]  # fmt: skip


@pytest.mark.parametrize("code", REFUSING)
def test_whoever_is_refused_has_an_appeal_in_full(tajikistan, code):
    """The yardstick of real tribunals (issue of the law as data), held for every procedure that decides against somebody."""
    procedure = tajikistan.procedures[code][-1]
    assert set(procedure.actions) >= {
        "notify_decision", "lodge_appeal", "lodge_late_appeal", "admit_late", "refuse_late", "extend_appeal", "book_interpreter",
        "list_appeal", "relist_appeal", "adjourn_appeal", "hear_appeal", "decide_appeal", "remit_appeal", "withdraw_appeal",
    }  # fmt: skip
    for act in ("admit_late", "refuse_late", "decide_appeal", "remit_appeal"):
        assert any(guard.name == "decided_by_another" for guard in procedure.actions[act].guards), act
    assert procedure.clocks["appeal_decision"].extended_by == "extend_appeal"
    assert procedure.clocks["appeal_papers"].extended_by == "extend_appeal"
    for clock in ("appeal_decision", "detained_appeal", "appeal_papers"):
        assert "admit_late" in procedure.clocks[clock].starts_on, "an appeal that is admitted late starts the clock"
        assert "lodge_late_appeal" not in procedure.clocks[clock].starts_on
    assert set(procedure.letters) >= {
        "late_appeal_admitted", "late_appeal_refused", "appeal_time_extended", "appeal_hearing", "appeal_relisted",
        "hearing_adjourned", "appeal_remitted",
    }  # fmt: skip
    # Sent back, the clock of the first instance runs anew.
    first = procedure.actions["decide_appeal"].guards[0].params["actions"]
    anew = [one.code for one in procedure.clocks.values() if "remit_appeal" in one.starts_on]
    assert code in ("status_end", "dafi") or anew, (code, first)


@pytest.mark.parametrize("code", REFUSING)
def test_every_procedure_that_can_refuse_says_whether_reasons_were_given(tajikistan, code):
    procedure = tajikistan.procedures[code][-1]
    safeguard = procedure.safeguards["reasons_given"]
    assert safeguard.due_with == ("notify_decision",)
    assert [one.field for one in safeguard.evidence] == ["reasons_given"]


def test_grounds_exist_for_every_outcome(asylum, tajikistan):
    """A guard that asks for a ground which no code has would make the decision impossible."""
    grounds = tajikistan.codes["grounds"]
    for action in asylum.actions.values():
        for guard in action.guards:
            if guard.name in ("needs_code_of_kind", "only_codes_of_kind"):
                for wanted in guard.params.get("values", (guard.params.get("value"),)):
                    assert grounds.where(**{guard.params["attribute"]: wanted}), (action.code, wanted)


def test_lateness_never_stands_in_the_way_of_an_appeal(asylum):
    late = asylum.actions["lodge_late_appeal"]
    assert set(asylum.actions["lodge_appeal"].from_states) < set(late.from_states)
    assert "closed_without_status" in late.from_states
    assert [guard.name for guard in late.guards] == ["out_of_time"]
    assert asylum.clocks["appeal_window"].bound == "applicant"


def test_a_refusal_is_closed_only_after_the_time_to_appeal(asylum):
    for code, clock in (
        ("close_refused", "appeal_window"),
        ("close_partly", "appeal_window"),
        ("close_refused_mandate", "mandate_appeal_window"),
        ("close_partly_mandate", "mandate_appeal_window"),
    ):
        guards = {guard.name: guard.params for guard in asylum.actions[code].guards}
        assert guards["clock_passed"] == {"clock": clock}
        assert guards["done_before"] == {"action": "notify_decision"}


def test_nobody_refused_is_closed_with_the_family_before_the_time_to_appeal(asylum):
    """A case in which somebody is refused never reaches the act that closes without waiting."""
    refused, granted = ("rejected", "excluded"), ("recognised", "derivative", "complementary")
    for code in ("decide", "decide_mandate", "decide_appeal"):
        for some in granted:
            for other in refused:
                state = asylum.actions[code].to_by.state_for([some, other])
                assert state not in asylum.actions["close_granted"].from_states
                assert state in asylum.actions["lodge_appeal"].from_states
                assert state in asylum.clocks["appeal_window"].applies_to_states


def test_no_one_decides_alone(asylum):
    assert asylum.actions["decide"].by_sitting == "commission"
    assert asylum.actions["return_file"].by_sitting == "commission"
    assert asylum.actions["decide_mandate"].two_person_after == "record_assessment"
    assert asylum.actions["review"].two_person_after == "record_assessment"
    another = next(one for one in asylum.actions["decide_appeal"].guards if one.name == "decided_by_another")
    assert set(another.params["actions"]) == {"decide", "decide_mandate", "decide_simplified", "refuse_registration"}
    assert asylum.actions["decide_simplified"].two_person_after == "interview"


def test_unhcr_observes_and_does_not_vote(asylum):
    seats = {seat.code: seat for seat in asylum.sittings["commission"].seats}
    assert (seats["unhcr"].seat, seats["unhcr"].votes) == ("observer", False)
    assert sum(seat.votes for seat in seats.values()) == 7


def test_a_suspension_pauses_the_clocks_of_the_authority_alone(asylum, tajikistan):
    paused = {code for code, clock in asylum.clocks.items() if "COMMISSION_SUSPENDED" in clock.paused_by_barriers}
    assert paused == {"overall", "commission_decision"}
    assert not any(clock.paused_by_barriers for clock in asylum.clocks.values() if clock.bound == "applicant")
    suspensions = [one for one in tajikistan.known_barriers if one.kind == "COMMISSION_SUSPENDED"]
    assert [one.from_on.year for one in suspensions] == [2000, 2021]


def test_the_family_leaves_with_certificate_and_receipt(asylum):
    effects = [(effect.name, effect.params.get("kind")) for effect in asylum.actions["lodge"].effects]
    assert ("receipt", None) in effects
    assert ("prepare_paper", "ASYLUM_SEEKER_CERTIFICATE") in effects


@pytest.mark.parametrize(
    ("action", "outcome", "expected"),
    [
        ("lodge", None, [("ASY", "ASYAPP")]),
        ("decide", "recognised", [("REF", "ARR-IND")]),
        ("decide", "derivative", [("REF", "ARR-IND")]),
        ("decide", "complementary", [("REF", "ASYREC-CP")]),
        ("decide", "rejected", []),
        ("close_refused", "rejected", [("", "ASYREJ")]),
        ("close_refused", None, [("", "ASYREJ")]),
        ("close_granted", "recognised", []),
        ("close_partly", "rejected", [("", "ASYREJ")]),
        ("close_partly", "recognised", []),
        ("withdraw", None, [("", "ASYOTHCL")]),
        ("withdraw", "recognised", []),
        ("reopen", "rejected", [("ASY", "ASYAPP")]),
    ],
)
def test_what_an_act_does_to_the_count_of_a_person(asylum, action, outcome, expected):
    changes = [
        (effect.params["to"], effect.params["reason"])
        for effect in asylum.actions[action].effects
        if effect.name == "set_group" and (effect.when is None or effect.when.holds({"outcome": outcome}))
    ]
    assert changes == expected


def test_every_item_of_the_monitors_list_is_there(asylum):
    assert set(asylum.safeguards) == {
        "access_to_territory", "access_to_procedure", "certificate_in_time", "no_penalty_for_entry", "interpreter", "language_understood",
        "sex_of_interviewer", "counsel", "private_interview", "transcript_read_back", "transcript_signed", "evidence_possible",
        "child_with_guardian", "written_decision", "reasons_given", "language_of_decision", "appeal_information", "appeal_in_time",
        "no_removal_during_appeal", "limits_met", "no_payment_asked", "confidentiality", "residence_rule_not_punitive", "observer_present",
        # Of the appeal, and of simplified processing.
        "told_in_time", "lateness_weighed", "interpreter_at_hearing", "appeal_decided_in_time", "detained_first", "full_interview",
        "simplified_in_time",
    }  # fmt: skip
    authority = {code for code, clock in asylum.clocks.items() if clock.bound == "authority"}
    assert {one.clock for one in asylum.safeguards["limits_met"].evidence} == authority


def test_evidence_of_a_safeguard_decides_every_answer_of_its_field(asylum):
    """An answer that means neither kept nor broken would leave the safeguard unknown although somebody answered."""
    for safeguard in asylum.safeguards.values():
        for evidence in safeguard.evidence:
            if evidence.kind != "field":
                continue
            field = asylum.actions[evidence.action].field(evidence.field)
            answers = set(field.choices) or {as_text(True), as_text(False)}
            assert evidence.kept | evidence.broken == answers, (safeguard.code, field.name)
            assert not evidence.kept & evidence.broken


def test_narratives_are_kept_apart_from_open_facts(asylum):
    for action in asylum.actions.values():
        for field in (*action.form, *action.per_person):
            if field.kind == "long_text" and (action.code, field.name) != ("abandon", "attempts"):
                assert field.field_class == "narrative", (action.code, field.name)


def test_verbs_and_ledger_kinds_are_one_word_family(asylum):
    assert asylum.verb("decide") == "asylum.decide"
    assert asylum.ledger_kind("decide") == "asylum.decided"
    assert asylum.initial_state().code == "draft"
    assert {asylum.actions[track.opens_with].code for track in asylum.tracks.values()} == {
        "lodge", "apply_mandate", "apply_simplified",
    }  # fmt: skip
