"""Weighing, tools, breaches, other landlords, rights, and cases that belong together (policy 4.6 to 4.10, 4.32)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.domain.case import ACTS
from core.domain.enforcement import HOW_IT_ENDED, LINKS, RIGHTS, TENURES, LandlordRequest, Proportionality
from core.domain.estate import FORMATS
from core.foundation.ids import RecordId
from core.policy.court_papers import appendix_of, known_of_factors
from core.policy.enforcement import FACTOR_WORDS, standing_now, tools_running
from core.policy.wishes import wishes_now
from core.services.case_page import CasePage
from core.services.enforcement import ToolForm, power_words, tools_for
from desktop.background import Job, Receiver
from desktop.operations import enforcement
from desktop.operations.base import Runner
from desktop.screens.paths import usual_folder
from desktop.screens.step.choices import always, chosen, is_open, one_of, people_of, which, who
from desktop.screens.step.declare import (
    Answer,
    Answers,
    Ask,
    Options,
    Step,
    StepFacts,
    day,
    moment,
    number,
    record_id,
    some,
    text,
    yes_no,
)

GROUP = "Action taken"


# ------------------------------------------------------------------ what is done


def _standing(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        **_of(facts, answers), "tenure": text(answers, "tenure"), "age_years": number(answers, "age_years"),
        "landlord": text(answers, "landlord"), "parent": text(answers, "parent"),
    }  # fmt: skip
    return enforcement.note_standing(runner, said, on_done=on_done, on_failed=on_failed)


def _weigh(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        **_of(facts, answers), "tool": text(answers, "tool"), "conclusion": text(answers, "conclusion"),
        "factors": {name: text(answers, name) for name in FACTOR_WORDS},
        "disability_thought_of": yes_no(answers, "disability_thought_of"),
    }  # fmt: skip
    return enforcement.weigh(runner, said, on_done=on_done, on_failed=on_failed)


def _papers(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {"weighing": chosen(answers, "weighing"), "folder": Path(text(answers, "folder")).expanduser()}
    return enforcement.make_court_papers(runner, said, on_done=on_done, on_failed=on_failed)


def _use(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = ToolForm(
        case=facts.page.file.case.id, party=_party(facts, answers), power=text(answers, "power"),
        authority=text(answers, "authority"), served_on=day(answers, "served_on"),
        conditions=text(answers, "conditions"), expires_on=day(answers, "expires_on"),
        approached_although=text(answers, "approached_although"),
    )  # fmt: skip
    return enforcement.use_tool(runner, {"form": form}, on_done=on_done, on_failed=on_failed)


def _end(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {"tool": chosen(answers, "tool"), "ended": text(answers, "ended")}
    return enforcement.end_tool(runner, said, on_done=on_done, on_failed=on_failed)


def _breach(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "tool": chosen(answers, "tool"), "at": moment(answers, "at"), "what": text(answers, "what"),
        "evidence": text(answers, "evidence"), "done_about_it": text(answers, "done_about_it"),
    }  # fmt: skip
    return enforcement.record_breach(runner, said, on_done=on_done, on_failed=on_failed)


def _ask_landlord(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        **_of(facts, answers), "landlord": text(answers, "landlord"), "basis": text(answers, "basis"),
        "shared": text(answers, "shared"),
    }  # fmt: skip
    return enforcement.ask_landlord(runner, said, on_done=on_done, on_failed=on_failed)


def _replied(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {"request": chosen(answers, "request"), "reply": text(answers, "reply")}
    return enforcement.landlord_replied(runner, said, on_done=on_done, on_failed=on_failed)


def _rights(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "case": facts.page.file.case.id, "party": record_id(answers, "party"), "about": some(answers, "about"),
        "copy_format": text(answers, "copy_format"),
    }  # fmt: skip
    return enforcement.advise_rights(runner, said, on_done=on_done, on_failed=on_failed)


def _publicity(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "case": facts.page.file.case.id, "told": yes_no(answers, "told"), "words": text(answers, "words"),
        "why": text(answers, "why"), "homes": number(answers, "homes"),
    }  # fmt: skip
    return enforcement.decide_publicity(runner, said, on_done=on_done, on_failed=on_failed)


def _link(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {"case": facts.page.file.case.id, "other": chosen(answers, "other"), "how": text(answers, "how")}
    return enforcement.link_case(runner, said, on_done=on_done, on_failed=on_failed)


# ------------------------------------------------------------------ what to choose from


def _respondents(facts: StepFacts) -> Options:
    return people_of(facts.page, "alleged-perpetrator")


def _party(facts: StepFacts, answers: Answers) -> RecordId | None:
    found = _respondents(facts)
    return record_id(answers, "respondent") or (RecordId(bytes.fromhex(str(found[0][0]))) if len(found) == 1 else None)


def _of(facts: StepFacts, answers: Answers) -> dict[str, object]:
    return {"case": facts.page.file.case.id, "party": _party(facts, answers)}


def _several(facts: StepFacts, _answers: Answers) -> bool:
    return len(_respondents(facts)) > 1


def _tools(facts: StepFacts) -> Options:
    """Every tool; one that is not available says why not. With several people it is said when it is saved."""
    people = _respondents(facts)
    if len(people) > 1:
        return tuple((power.code, power.words) for power in facts.page.legal.powers)
    party = _party(facts, {})
    found = tools_for(facts.page.legal, facts.page.file.contents, party, facts.now.date())
    return tuple(
        (one.power.code, one.power.words if one.available else f"{one.power.words}: no. {one.why_not}")
        for one in sorted(found, key=lambda one: not one.available)
    )


def _formal(facts: StepFacts) -> Options:
    return tuple((power.code, power.words) for power in facts.page.legal.powers if power.weighing)


def _running(facts: StepFacts) -> Options:
    return tuple((one.id.hex(), power_words(one)) for one in tools_running(facts.page.file.contents))


def _unanswered(facts: StepFacts) -> Options:
    found = facts.page.file.contents.of(LandlordRequest)
    return tuple((one.id.hex(), one.landlord) for one in found if one.replied_at is None)


def _other_cases(facts: StepFacts) -> Options:
    return tuple((row.case.hex(), row.reference) for row in facts.page.other_cases)


def _wishes_against(facts: StepFacts, _answers: Answers) -> bool:
    return bool(facts.page.not_to_be_approached)


def _told(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "told") is True


def _their_landlord(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "tenure") == "other-landlord"


def _known_landlord(facts: StepFacts) -> object:
    standing = standing_now(facts.page.file.contents).get(_party(facts, {}))
    return standing.landlord if standing else ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the case says already about one of the seven, where one person is complained about."""

    factor: str

    def __call__(self, facts: StepFacts) -> object:
        contents = facts.page.file.contents
        wishes = "\n".join(wish.words for wish in wishes_now(contents).values() if wish.words.strip())
        found = known_of_factors(contents, _party(facts, {}), wishes)
        if self.factor == "behaviour":
            return "; ".join(ACTS.get(code, code) for code in facts.page.gravest)
        return found.get(self.factor, "")


def _whole_weighings(facts: StepFacts) -> Options:
    names: dict[RecordId | None, str] = {party.id: party.name for party in facts.page.file.contents.parties}
    found = [one for one in facts.page.file.contents.of(Proportionality) if appendix_of(one)]
    words = {power.code: power.words for power in facts.page.legal.powers}
    return tuple(
        (one.id.hex(), ", ".join(filter(None, (words.get(one.tool, one.tool), names.get(one.party, "")))))
        for one in reversed(found)
    )


def _may_make_papers(page: CasePage) -> bool:
    return any(appendix_of(one) for one in page.file.contents.of(Proportionality))


def _tool_running(page: CasePage) -> bool:
    return bool(tools_running(page.file.contents))


def _waits_for_landlord(page: CasePage) -> bool:
    return any(one.replied_at is None for one in page.file.contents.of(LandlordRequest))


def _has_others(page: CasePage) -> bool:
    return bool(page.other_cases)


def _about() -> Ask:
    return Ask(
        name="respondent", kind=Answer.FROM_LIST, label="Person complained about", options=_respondents,
        applies=_several, need="Choose the person.",
    )  # fmt: skip


STEPS: tuple[Step, ...] = (
    Step(
        key="standing", title="About the person complained about",
        lead="Which tools there are depends on it. What is not known is never taken as fitting.",
        save="Save", done="Saved.", run=_standing,
        menu="About the person complained about", group=GROUP, offered=is_open, clauses=("4.7", "4.9", "4.10"),
        asks=(
            _about(),
            Ask(name="tenure", kind=Answer.ONE, label="Whose tenant", options=one_of(TENURES)),
            Ask(name="landlord", kind=Answer.LINE, label="Their landlord", applies=_their_landlord),
            Ask(name="age_years", kind=Answer.NUMBER, label="Age in years, if known", optional=True),
            Ask(
                name="parent", kind=Answer.LINE, label="Parent or guardian, for somebody under 18", optional=True,
            ),
        ),
    ),
    Step(
        key="weigh", title="Weigh before acting",
        lead="Seven things, each in a sentence or two, before a formal tool. What the case says already"
        " stands there to begin with: go over it, and say also what is not known.",
        save="Save", done="Saved.", run=_weigh,
        menu="Weigh before acting", group=GROUP, offered=is_open, clauses=("4.7",),
        asks=(
            _about(),
            Ask(name="tool", kind=Answer.FROM_LIST, label="For which tool", options=_formal, need="Choose the tool."),
            *(
                Ask(name=name, kind=Answer.WORDS, label=label, start=_Known(name))
                for name, label in FACTOR_WORDS.items()
            ),
            Ask(
                name="disability_thought_of", kind=Answer.YES_NO,
                label="Could the behaviour have to do with a disability?",
                hint="If so, take advice before acting: the Equality Act asks for it.",
            ),
            Ask(name="conclusion", kind=Answer.WORDS, label="What you conclude"),
        ),
    ),
    Step(
        key="court-papers", title="Papers for court",
        lead="Into a folder: what happened and what was done as one PDF, the weighing as its appendix,"
        " and the photographs of works and graffiti. They name people: read them before they go to a solicitor or a"
        " court. Not in them: safe ways, contacts, private interviews, where works were done, other cases.",
        save="Make them", done="The papers are made.", run=_papers,
        menu="Papers for court", group=GROUP, offered=_may_make_papers, clauses=("4.7", "4.17"),
        asks=(
            which("weighing", "Which weighing is the appendix", _whole_weighings, "Choose the weighing."),
            Ask(
                name="folder", kind=Answer.FOLDER, label="Where they go", need="Choose a folder.",
                start=lambda _facts: str(usual_folder()),
                hint="Whoever gets at the folder can read them. Choose one that names nobody.",
            ),
        ),
    ),
    Step(
        key="tool", title="Action taken",
        lead="A report is not a finding. What is not available for this person today says why not.",
        save="Save", done="Action saved.", run=_use,
        menu="Action taken", group=GROUP, offered=is_open, clauses=("4.7", "4.8", "4.9"),
        asks=(
            _about(),
            Ask(name="power", kind=Answer.FROM_LIST, label="What is done", options=_tools, need="Choose what is done."),
            Ask(name="authority", kind=Answer.LINE, label="By whose authority"),
            Ask(
                name="approached_although", kind=Answer.WORDS, applies=_wishes_against,
                label="Why it is done although the person harmed may not want it",
                hint="A risk to life or to a child, or to prevent a crime. Tell the person harmed first.",
            ),
            Ask(name="served_on", kind=Answer.DAY, label="Given or served on", optional=True),
            Ask(name="conditions", kind=Answer.WORDS, label="Conditions", optional=True),
            Ask(name="expires_on", kind=Answer.DAY, label="Ends on", optional=True),
        ),
    ),
    Step(
        key="breach", title="A condition was not kept", lead="", save="Save", done="Saved.", run=_breach,
        menu="A condition was not kept", group=GROUP, offered=_tool_running, clauses=("4.8",),
        asks=(
            which("tool", "Which action", _running, "Choose the action."),
            Ask(name="at", kind=Answer.MOMENT, label="When", start=lambda facts: facts.now.isoformat()),
            Ask(name="what", kind=Answer.WORDS, label="What happened"),
            Ask(name="evidence", kind=Answer.LINE, label="Evidence", optional=True),
            Ask(name="done_about_it", kind=Answer.WORDS, label="What was done about it", optional=True),
        ),
    ),
    Step(
        key="end-tool", title="How an action ended", lead="", save="Save", done="Saved.", run=_end,
        menu="How an action ended", group=GROUP, offered=_tool_running, clauses=("4.8",),
        asks=(
            which("tool", "Which action", _running, "Choose the action."),
            Ask(name="ended", kind=Answer.ONE, label="How it ended", options=one_of(HOW_IT_ENDED)),
        ),
    ),
    Step(
        key="ask-landlord", title="Ask another landlord to act",
        lead="Share only what they need. If they do not answer, Today tells you to ask again.",
        save="Save", done="Saved.", run=_ask_landlord,
        menu="Another landlord asked", group=GROUP, offered=is_open, clauses=("4.10",),
        asks=(
            _about(),
            Ask(name="landlord", kind=Answer.LINE, label="Which landlord", start=_known_landlord),
            Ask(name="basis", kind=Answer.LINE, label="Basis for sharing"),
            Ask(name="shared", kind=Answer.WORDS, label="What you shared"),
        ),
    ),
    Step(
        key="landlord-replied", title="Answer of another landlord", lead="", save="Save", done="Saved.", run=_replied,
        menu="Answer of another landlord", group=GROUP, offered=_waits_for_landlord, clauses=("4.10",),
        asks=(
            which("request", "Which landlord", _unanswered, "Choose the landlord."),
            Ask(name="reply", kind=Answer.WORDS, label="What they said"),
        ),
    ),
    Step(
        key="rights", title="Advice on rights", lead="The sheet can be given in the format they need.",
        save="Save", done="Saved.", run=_rights,
        menu="Advice on rights", group="Wishes, support and plan", offered=always, clauses=("4.32",),
        asks=(
            who(),
            Ask(name="about", kind=Answer.SOME, label="Told about", options=one_of(RIGHTS)),
            Ask(
                name="copy_format", kind=Answer.FROM_LIST, label="Format of the sheet, if one was given",
                options=one_of(FORMATS), optional=True,
            ),
        ),
    ),
    Step(
        key="publicity", title="Telling other residents",
        lead="Acting sends a message. Without a name, and without anything that points to somebody.",
        save="Save", done="Saved.", run=_publicity,
        menu="Telling other residents", group=GROUP, offered=always, clauses=("4.6",),
        asks=(
            Ask(name="told", kind=Answer.YES_NO, label="Are other residents told?"),
            Ask(name="homes", kind=Answer.NUMBER, label="How many homes would read it", applies=_told),
            Ask(name="words", kind=Answer.WORDS, label="What is said", applies=_told),
            Ask(name="why", kind=Answer.WORDS, label="Why, and what could give somebody away"),
        ),
    ),
    Step(
        key="link-case", title="Another case that belongs to it",
        lead="Each stays a file of its own, with its own readers. Nothing of one is shown in the other.",
        save="Save", done="Saved.", run=_link,
        menu="Another case that belongs to it", group="Keeping the case", offered=_has_others, clauses=("4.7",),
        asks=(
            which("other", "Which case", _other_cases, "Choose the case."),
            Ask(name="how", kind=Answer.ONE, label="How they belong together", options=one_of(LINKS)),
        ),
    ),
)  # fmt: skip
