"""Eight made-up cases that use every chapter of the casework, for the demo. Everybody in them is invented."""

from __future__ import annotations

from core.services import (
    agencies,
    cases,
    casework,
    closing,
    closing_letters,
    contacts,
    enforcement,
    graffiti,
    patrols,
    plans,
    risk,
    safety,
    second_person,
    surveys,
    sync,
)
from core.services.agencies import Basis
from core.services.demo_past import CONSENT, Days, Past, Scene


def neighbour_up_to_an_injunction(past: Past) -> Days:
    """A neighbour is named: warned, weighed, taken to court, and a condition is not kept."""
    amara = past.amara
    yield 76
    case = past.report(
        1, "My neighbour shouts racist words at me on the landing and has spat at my door.",
        reporter_name="Grace Adeyemi",
        perpetrator_known="named", perpetrator_name="Dean Hollis", acts=frozenset({"racist", "abuse"}),
        strands=frozenset({"race"}),
    )  # fmt: skip
    him = past.person(case, "alleged-perpetrator")
    yield 75.5
    past.spoke(case, "Afraid to use the stairs. Her daughter saw it once.")
    past.wants(case, "It has to stop. She agrees that he is spoken with.")
    past.risk(case, how_often="most-weeks", worse="yes", known="well", history="them", strand="yes", affected="a-lot",
              aimed_at="person", mind="yes", professional="none")  # fmt: skip
    plans.offer_support(amara, case=case, what="victim-support", answer="accepted")
    yield 74
    plan = past.plan(case, "To come and go without being shouted at.", days=14)
    plans.add_action(amara, form=plans.ActionForm(
        plan=plan, what="Speak with the neighbour", who="landlord", by_when=past.day(ahead=3)
    ))  # fmt: skip
    enforcement.advise_rights(amara, case=case, about=frozenset({"victims-code", "ombudsman", "police"}))
    past.says(case, "harmed", ethnic_group="black", sex="female", religion="christian", age_group="25-44")
    enforcement.note_standing(amara, case=case, tenure="fully-mutual", age_years=46, party=him)
    enforcement.use_tool(amara, form=enforcement.ToolForm(
        case=case, power="first-warning", party=him, authority="Housing Officer", served_on=past.day(ahead=0)
    ))  # fmt: skip
    referral = past.refer(case, "Eastmere Victim Care", "support", "Somebody to talk to about what happened.")
    yield 66
    agencies.referral_answered(
        amara, referral=referral, outcome="accepted", first_contact_on=past.day(ahead=0),
        note="A caseworker has called her.",
    )  # fmt: skip
    past.spoke(case, "Quiet for a week, then he banged on the wall at night.")
    measure = safety.ask_measure(amara, case=case, sort="locks", place="Front door").record
    yield 60
    safety.measure_done(amara, measure=measure, done_on=past.day(ahead=0), cost_pounds=140)
    agencies.work_together(amara, form=agencies.JointForm(
        case=case, kind="visit", with_whom="PC Imran Shah", organisation="Eastmere Safer Neighbourhood Team",
        done_at=past.ago(hours=3), ours="He was told together what happens if it goes on.",
    ))  # fmt: skip
    yield 41
    past.spoke(case, "He followed her to the bus stop. She has a diary of nine incidents.")
    past.risk(case, how_often="daily", worse="yes", known="well", history="them", strand="yes", affected="extremely",
              aimed_at="person", mind="yes", changed="yes", professional="some")  # fmt: skip
    factors = {
        "behaviour": "Racist abuse, spitting, following her.", "severity": "Nine times in five weeks, getting worse.",
        "age": "46.", "vulnerability": "None known; he was asked.", "residence": "He lives next door.",
        "evidence": "Her diary, her daughter, the caretaker.", "wishes": "She wants it to stop and to stay.",
    }  # fmt: skip
    enforcement.weigh(
        amara, case=case, party=him, tool="injunction", factors=factors, disability_thought_of=False,
        conclusion="An injunction is needed; warnings and a joint visit did not help.",
    )  # fmt: skip
    risk.assess_respondent(amara, form=risk.RespondentForm(
        case=case, party=him, vulnerability="None known.", capacity="Understands what is asked.",
        risk_of_harm="He may turn on witnesses.", alternatives="Warning, joint visit, mediation declined.",
        conclusion="Ask the court.",
    ))  # fmt: skip
    safety.employ_witness(amara, form=safety.WitnessForm(
        case=case, firm="Eastmere Witness Service", grounds=frozenset({"afraid"}), openly="overt",
        tried=frozenset({"diary", "neighbours", "staff"}), authority="The committee",
        necessity="Two neighbours heard it and are too afraid to say so in court.",
        told="Be on the second landing on weekday evenings and write down what is said and when.",
        begins_on=past.day(ahead=1), ends_on=past.day(ahead=15), cost_pounds=600,
    ))  # fmt: skip
    yield 38
    tool = enforcement.use_tool(amara, form=enforcement.ToolForm(
        case=case, power="injunction", party=him, authority="The committee", served_on=past.day(ahead=2),
        conditions="Not to speak to her or come within ten metres of her door.", expires_on=past.day(ahead=44),
    )).record  # fmt: skip
    yield 20
    past.spoke(case, "Better since the order. He shouted once from his window.", hours=1)
    enforcement.record_breach(
        amara, tool=tool, at=past.ago(hours=20), what="Shouted from his window.", evidence="Her diary"
    )
    agencies.take_to_panel(amara, form=agencies.PanelForm(
        case=case, kind="asb-panel", forum="Eastmere panel on antisocial behaviour", met_on=past.day(ahead=0),
        on_agenda=True, basis=CONSENT, extract="One incident in two weeks after an order.",
        actions="The police visit him again.",
    ))  # fmt: skip
    enforcement.decide_publicity(
        amara, case=case, told=False, why="In so small a block everybody would know who it is about.", homes=8
    )


def complaint_of_the_other_side(past: Past) -> Days:
    """The neighbour complains in his turn: a file of its own, linked as opposing, and not much done in it."""
    yield 58
    case = past.report(
        2, "She plays loud music and calls me names when I ask her to stop.", reporter_name="Dean Hollis",
        perpetrator_known="named", perpetrator_name="Grace Adeyemi", acts=frozenset({"disturbance"}),
        strands=frozenset({"none"}),
    )  # fmt: skip
    yield 56
    past.spoke(case, "Says that he feels ganged up on.")
    past.wants(case, "That somebody listens to his side.")
    first = cases.list_cases(past.amara, words="landing racist").rows
    if first:
        enforcement.link_case(past.amara, case=case, other=first[0].row.id, how="opposing")
    yield 50
    decision = casework.judge_handling(
        past.amara, case=case, handling="other", second_person=past.ben.user, person_told=True,
        reasons="Ordinary music in the daytime, by two other neighbours' accounts.",
        evidence="Two neighbours, a noise app",
    ).record  # fmt: skip
    for laptop in (past.amara, past.ben):
        sync.sync_now(laptop)
    second_person.answer_as_second(past.ben, decision=decision, agrees=True)


def children_and_stones(past: Past) -> Days:
    """A child is complained about: no order, an agreement with a parent, and safeguarding first."""
    amara = past.amara
    yield 52
    case = past.report(
        3, "A boy throws stones at our windows and shouts at my son because he uses a wheelchair.",
        reporter_name="Tomasz Wilk", perpetrator_known="named", perpetrator_name="Jay Prentice",
        described="About eleven",
        acts=frozenset({"damage", "abuse"}), strands=frozenset({"disability"}), perceived_by="harmed",
    )  # fmt: skip
    boy = past.person(case, "alleged-perpetrator")
    yield 51.6
    past.spoke(case, "Two windows are broken. His son will not go out.")
    past.wants(case, "That the boy stops. No police, if it can be helped.")
    past.risk(case, floors=("child",), how_often="most-days", worse="yes", strand="yes", aimed_at="household",
              others="children", affected="a-lot")  # fmt: skip
    risk.note_concern(
        amara, case=case, about="child", concern="A boy of eleven out alone late in the evening.",
        told="Eastmere Borough Council, children's services", told_on=past.day(ahead=0),
    )  # fmt: skip
    enforcement.note_standing(amara, case=case, tenure="fully-mutual", age_years=11, parent="Kelly Prentice", party=boy)
    yield 47
    past.plan(case, "That his son can play outside again.", days=14)
    enforcement.advise_rights(amara, case=case, about=frozenset({"police", "complaint"}))
    enforcement.use_tool(amara, form=enforcement.ToolForm(
        case=case, power="parental-agreement", party=boy, authority="Housing Officer",
        conditions="At home by eight; a letter to say sorry.", expires_on=past.day(ahead=90),
    ))  # fmt: skip
    plans.offer_support(amara, case=case, what="counselling", answer="declined")
    past.says(case, "harmed", disability="limited-lot", sex="prefer-not", ethnic_group="white")
    yield 34
    past.spoke(case, "No stones for two weeks.")
    yield 12
    past.spoke(case, "Quiet. They have begun to greet each other.")


def somebody_at_home(past: Past) -> Days:
    """Domestic abuse: its own path, never mediation, a move awarded, a roof for now, letters never."""
    amara = past.amara
    yield 33
    case = past.report(
        4, "He waits for me outside the block. He has a key. I cannot stay here.", reporter_name="Leila Farrow",
        perpetrator_known="withheld", danger_now=True, acts=frozenset({"violence"}), strands=frozenset({"gender"}),
        safe_ways=frozenset({"text"}), unsafe_ways=frozenset({"call", "voicemail", "letter", "visit"}),
        if_someone_else_answers="say nothing and ring off", safe_times="Weekdays before three",
    )  # fmt: skip
    yield 32.9
    form = contacts.ContactForm(case=case, at=past.ago(hours=0.3), way="text", outcome="replied", notes="Safe tonight.")
    contacts.record_contact(amara, form=form)
    past.wants(case, "That nobody speaks to him. To live somewhere else.", not_approached=True)
    past.risk(case, floors=("assault", "life"), how_often="most-weeks", known="well", history="them",
              affected="extremely", aimed_at="person", mind="yes", body="yes")  # fmt: skip
    risk.note_domestic_abuse(amara, case=case, level="high", tool_score=15, referred=True, adviser_offered=True)
    past.refer(case, "The Lantern", "support", "An independent adviser.")
    safety.advise_housing(amara, form=safety.HousingForm(
        case=case, told=frozenset({"council", "refuge", "transfer"}), chosen="refuge", begins_on=past.day(ahead=0),
        ends_on=past.day(ahead=40),
    ))  # fmt: skip
    yield 29
    safety.decide_transfer(amara, form=safety.TransferForm(
        case=case, decision="awarded", triggers=frozenset({"assault", "cannot-live-there"}), who_moves="harmed",
        reasons="She was hurt twice and he still has a key.", authority="The committee", appeal_told=True,
        address_where="person", address_held_by="The Chairperson",
    ))  # fmt: skip
    plans.offer_support(amara, case=case, what="move", answer="accepted")
    plan = plans.PlanForm(
        case=case, outcome_wanted="To be safe, and not to be found.", contact_way="text", contact_days=7, agreed="said",
        not_without_asking="Speak to anybody about where she is.",
        when_we_act_anyway="If a life is in danger.",
    )  # fmt: skip
    plans.agree_plan(amara, form=plan)


def nothing_was_done(past: Past) -> Days:
    """Taken over from paper: told months ago, reached late, no plan, no risk, no review. What the mirror is for."""
    yield 79
    case = past.report(
        5, "They put rubbish at my door and laugh when I come out. I am 81.", reporter_name="Edith Marlow",
        received_at=past.ago(hours=26 * 24), strands=frozenset({"age"}), acts=frozenset({"disturbance"}),
        channel="letter",
        perpetrator_known="described", described="Young people from the next block",
    )  # fmt: skip
    yield 77
    past.spoke(case, "Does not want a fuss.")
    past.wants(case, "Nothing for now.", no_action=True, ask_again_on=past.day(ahead=21))


def a_caretaker_is_threatened(past: Past) -> Days:
    """A contractor is harmed, by somebody who rents from another landlord; the police and that landlord are asked."""
    amara = past.amara
    yield 24
    case = past.report(
        0, "A man threatened me with a bottle when I cleaned the yard, and used a word about gay people.",
        reporter_name="Marcin Dudek", reporter_sort="contractor", readers=frozenset({past.ben.user}),
        perpetrator_known="named", perpetrator_name="Lee Garside", acts=frozenset({"violence", "hate-crime"}),
        strands=frozenset({"sexual-orientation"}), danger_now=False, channel="in-person",
    )  # fmt: skip
    him = past.person(case, "alleged-perpetrator")
    yield 23.9
    past.spoke(case, "Shaken. Will not clean the yard alone.")
    past.wants(case, "That it is taken seriously, and that the police know.")
    past.risk(case, floors=("weapon",), known="by-sight", history="others", strand="yes", aimed_at="person",
              affected="moderately")  # fmt: skip
    casework.ask_police(amara, case=case, asked_of="Eastmere Safer Neighbourhood Team", reference="EM/4471")
    enforcement.note_standing(
        amara, case=case, tenure="other-landlord", age_years=38, landlord="Sluice Housing Association", party=him
    )
    enforcement.ask_landlord(
        amara, case=case, landlord="Sluice Housing Association", party=him, basis="To prevent crime",
        shared="That their tenant threatened a contractor in our yard on that day.",
    )  # fmt: skip
    agencies.share(
        amara, case=case, what="Day, place and what was said", with_whom="Eastmere Safer Neighbourhood Team",
        basis=Basis(code="crime", words="A weapon was shown."),
    )  # fmt: skip
    past.says(case, "harmed", orientation="prefer-not", sex="male", ethnic_group="white", age_group="45-64")


def words_on_the_gate(past: Past) -> Days:
    """Graffiti nobody saw: judged, photographed by the contractor, gone in time; somebody warned, the police slow."""
    amara = past.amara
    yield 16
    case = past.report(
        6, "Somebody wrote against Muslims on the back gate.", reporter_name="Yusuf Demir",
        graffiti_place="Back gate", acts=frozenset({"graffiti"}), strands=frozenset({"religion", "race"}),
        perpetrator_known="unknown",
    )  # fmt: skip
    mark = cases.open_case(amara, case=case).contents.graffiti[0]
    graffiti.judge_graffiti(amara, graffiti=mark.id, offensive=True)
    photo = past.photograph(case, "photo-before", "The back gate before it was cleaned")
    yield 15.8
    past.spoke(case, "Glad that it is cleaned at once.")
    past.wants(case, "That everybody hears that it is not put up with.")
    order = graffiti.order_removal(amara, form=graffiti.OrderForm(
        graffiti=mark.id, contractor="Brightwall", wall="ours",
        words="Please remove the graffiti here today: Back gate. Photograph it first.",
    )).record  # fmt: skip
    yield 15.4
    graffiti.answer_order(amara, order=order, came="attended")
    casework.mark_graffiti_removed(
        amara, graffiti=mark.id, removed_at=past.ago(hours=1), photo_before=photo
    )
    casework.ask_police(amara, case=case, asked_of="Eastmere Safer Neighbourhood Team")
    past.risk(case, how_often="first", strand="yes", aimed_at="community", affected="a-little")
    yield 14
    patrols.record_warning(amara, form=patrols.WarningForm(
        case=case, given_at=past.ago(hours=1), way="in-person", given_to="Young people at the gate", named_nobody=True,
        words="It was seen and cleaned, and whoever did it risks their home.",
    ))  # fmt: skip
    past.visit(
        case, "Words on the back gate, and nobody saw who wrote them.", ("spoke", "no-answer", "info", "refused"),
        "Heard somebody at the gate at about eleven at night, two of them, running.",
    )  # fmt: skip
    past.plan(case, "To see that it does not come back.", days=28)
    enforcement.advise_rights(amara, case=case, about=frozenset({"police", "case-review"}))
    plans.offer_support(amara, case=case, what="victim-support", answer="later")


def noise_that_stopped(past: Past) -> Days:
    """Talked over, written to, time to appeal, closed by somebody else, and the survey came back."""
    amara, ben = past.amara, past.ben
    yield 78
    case = past.report(
        2, "Every evening they bang on the ceiling and shout insults about my headscarf.",
        reporter_name="Hodan Warsame",
        perpetrator_known="described", described="A couple in the flat above", acts=frozenset({"abuse", "disturbance"}),
        strands=frozenset({"religion"}), safe_ways=frozenset({"call", "letter"}),
    )  # fmt: skip
    yield 77.8
    past.spoke(case, "Tired. Will keep a diary.")
    past.wants(case, "Quiet evenings.")
    past.risk(case, how_often="most-days", strand="yes", aimed_at="person", affected="moderately")
    past.plan(case, "Quiet evenings.", days=14)
    plans.offer_support(amara, case=case, what="advice", answer="accepted")
    enforcement.advise_rights(amara, case=case, about=frozenset({"ombudsman", "complaint"}))
    past.says(case, "harmed", religion="muslim", sex="female", ethnic_group="black", age_group="25-44")
    yield 70
    patrols.record_warning(amara, form=patrols.WarningForm(
        case=case, given_at=past.ago(hours=1), way="in-person", given_to="Two people in the flat above",
        words="That it has to stop, and what follows if it does not.", named_nobody=True,
    ))  # fmt: skip
    yield 64.5
    past.spoke(case, "Quiet since the warning.")
    yield 58
    past.spoke(case, "Still quiet. She would be glad to be done with it.")
    closure = closing.propose_closing(amara, form=closing.ProposalForm(
        case=case, reason="Quiet for twelve days after a warning.", outcome="stopped",
    )).record  # fmt: skip
    closing.discuss_closing(amara, form=closing.TalkForm(
        closure=closure, way="call", views="She agrees.", person_agrees=True, appeal_explained=True,
    ))  # fmt: skip
    said = "It has been quiet since the warning."
    past.posted(closing_letters.write_closing_letter(amara, closure=closure, closing_reasons=said).record)
    yield 36
    for laptop in (amara, ben):
        sync.sync_now(laptop)
    closing.close_case(ben, case=case)
    for laptop in (ben, amara):
        sync.sync_now(laptop)
    past.posted(closing_letters.write_survey(amara, case=case).record)
    yield 27
    survey = cases.open_case(amara, case=case).contents.surveys[0].id
    answers = {
        "in-touch": "mostly",
        "respect": "yes",
        "dealt": "fairly",
        "ended": "very",
        "safer": "yes",
        "again": "yes",
    }
    surveys.record_answers(amara, form=surveys.AnswerForm(
        survey=survey, returned_on=past.day(ahead=0), answers=answers, comments="Thank you for calling when you said.",
    ))  # fmt: skip


SCENES: tuple[Scene, ...] = (
    nothing_was_done, noise_that_stopped, neighbour_up_to_an_injunction, complaint_of_the_other_side,
    children_and_stones, somebody_at_home,
    a_caretaker_is_threatened, words_on_the_gate,
)  # fmt: skip

ALONE: tuple[Scene, ...] = (
    nothing_was_done, neighbour_up_to_an_injunction, children_and_stones, somebody_at_home, words_on_the_gate,
)  # fmt: skip
"""Those that one officer plays without a colleague."""
