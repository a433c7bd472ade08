"""How runs, letters and doors are said. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.estate import FORMATS
from core.domain.letters import DOOR_OUTCOMES, LetterRecord
from core.domain.organisation import WINDOW_ENVELOPES
from core.services.area_files import where_it_is
from core.services.drawn_list import DrawnList
from core.services.homes import language_name
from core.services.letter_page import AreaPlan, AreaRow, ListedRun, PlannedLetter, RunState
from core.services.letters import LettersMade
from desktop.screens.words import count_words

OUTCOMES = tuple((code, words) for code, words in DOOR_OUTCOMES.items() if code)
"""What can become of a letter at the door, in the order offered."""

CONSULT_FIRST = "Ask the person before a letter goes to their neighbours, unless waiting would put somebody in danger."


@dataclass(frozen=True, slots=True)
class Made:
    """How making stands: bold words, the rest, the letters that could not be made with the reasons."""

    strong: str
    rest: str
    button: str
    refusals: tuple[tuple[str, str], ...] = ()
    finished: bool = False
    """The files were made just now, and all of them."""
    complete: bool = False
    """Nothing is left to make, whenever that was: the doors can be ticked."""
    cancelled: bool = False
    """Nothing more is made."""
    waiting: bool = False
    """A second person has not agreed yet; nothing can be made."""
    may_agree: bool = False
    """Whoever looks on could be that second person."""
    words: str = ""
    """The words to agree to."""
    can_cancel: bool = False
    """Something is left to make, and could be cancelled."""
    drafts: int = 0
    """Letters a machine wrote in Braille or read out, which nobody has gone over."""
    hits: tuple[str, ...] = ()
    """Words that could give somebody away, each in its sentence."""


def chosen_words(chosen: Sequence[AreaRow]) -> str:
    """ "Marsh House and 1 other: about 47 homes"."""
    if not chosen:
        return "No street or block chosen yet."
    homes = sum(area.homes for area in chosen)
    about = "about " if len(chosen) > 1 else ""
    return f"{count_words(len(chosen), 'area', 'areas')} chosen: {about}{count_words(homes, 'home', 'homes')}."


def drawn_words(found: DrawnList) -> tuple[str, str]:
    """ "12 homes from this list." and what became of every row of it."""
    parts = [f"{found.count('found')} found"]
    parts += [
        f"{count} {words}"
        for count, words in (
            (found.count("repeated"), "of a home named before"), (found.count("left"), "without a letter"),
            (len(found.to_settle), "to settle below"), (found.blank, "empty"),
        )
        if count
    ]  # fmt: skip
    rest = f"{count_words(found.total, 'row', 'rows')}: {', '.join(parts)}."
    return f"{count_words(len(found.homes), 'home', 'homes')} from this list.", " ".join((rest, *found.notes))


def plan_words(plan: AreaPlan) -> tuple[str, str]:
    """The banner of the Check step."""
    states = [planned.outcome for planned in plan.letters]
    empty = sum(planned.outcome == "left-out" and planned.addressee.empty for planned in plan.letters)
    parts = [count_words(len(states), "home", "homes")]
    parts += [f"{empty} empty"] if empty else []
    left = states.count("left-out") - empty
    parts += [f"{left} left out"] if left else []
    other = states.count("outsourced")
    parts += [f"{other} for somebody else to make"] if other else []
    parts.append(f"{count_words(plan.to_make, 'letter', 'letters')} to make")
    rest = ", ".join(parts) + "."
    if plan.form.rows_left:
        rest += f" {count_words(len(plan.form.rows_left), 'row', 'rows')} of the list without a letter."
    rest += f" {envelope_words(plan.envelope)}"
    if not plan.leaks:
        rest += " No names or case details in the text."
    return "Every home gets the same letter.", rest


def envelope_words(code: str) -> str:
    """Which envelopes the letters go into, as a sentence: whoever folds them has to know."""
    known = WINDOW_ENVELOPES.get(code) or WINDOW_ENVELOPES["dl"]
    return f"Window envelopes: {known}."


def format_words(planned: PlannedLetter) -> str:
    """ "Bengali, large print"; only what is unlike the others."""
    person = planned.addressee
    language = "" if person.language.partition("-")[0] == "en" else language_name(person.language)
    how = "" if person.format_code == "standard" else FORMATS.get(person.format_code, person.format_code)
    return ", ".join(part for part in (language, how) if part) or "English, standard print"


def short_address(address: str) -> str:
    """The first two parts of an address: in a list of one area the rest is the same on every line."""
    return ", ".join(address.split(", ")[:2])


def include_words(planned: PlannedLetter) -> str:
    """Whether a home gets a letter, and why if not."""
    if planned.outcome == "letter":
        return "Yes"
    head = "Somebody else" if planned.outcome == "outsourced" else "No"
    return f"{head}. {planned.why}"


def make_words(to_make: int) -> str:
    """The button that makes the letters."""
    return f"Make {count_words(to_make, 'letter', 'letters')}"


def before_making(to_make: int) -> Made:
    """Nothing has been made yet."""
    return Made("Choose where the letters go.", "They get a folder of their own there.", make_words(to_make))


def standing(state: RunState) -> Made:
    """How a run stands that was stopped, or opened again."""
    if state.run.state == "waiting":
        rest = "Look at the letter, then agree to it or leave it." if state.may_agree else (
            "A colleague who reads this case opens it under Letters and agrees. Nothing has been made."
        )  # fmt: skip
        return Made(
            "These letters wait for a second person.", rest, "Make the letters", waiting=True,
            can_cancel=True, may_agree=state.may_agree, words=state.words, hits=tuple(sorted(state.run.hits)),
        )  # fmt: skip
    counts = state.counts
    made, queued = counts.get("made", 0), counts.get("queued", 0)
    if state.run.state == "stopped":
        return Made(
            "The rest of these letters was cancelled.",
            f"{count_words(made, 'letter was', 'letters were')} made before.", "Make the files again",
            complete=bool(made), cancelled=True,
        )  # fmt: skip
    if not queued:
        return Made(
            f"{count_words(made, 'letter is', 'letters are')} made.",
            f"{envelope_words(state.run.envelope)} Files that are still there and whole are not made again.",
            "Make the files again",
            complete=True,
            drafts=sum(letter.proof == "draft" for letter in state.letters),
        )
    files = sorted({letter.chunk for letter in state.letters if letter.state == "made" and letter.chunk})
    names = ", ".join(f"letters-{number:03d}.pdf" for number in files)
    rest = f"Finished and kept: {names}. " if files else "No file was finished yet. "
    return Made(
        f"{made} of {count_words(made + queued, 'letter', 'letters')} made.",
        rest + "Go on at any time: no letter is made twice.",
        f"Go on: {count_words(queued, 'letter', 'letters')} to make",
        can_cancel=True,
    )


def made_words(result: LettersMade) -> Made:
    """A finished run."""
    files = len([path for path in result.files if path.name.startswith("letters-")])
    pages, printed = count_words(result.pages, "page", "pages"), count_words(files, "file", "files")
    parts = [f"{pages} in {printed}, and a delivery checklist in walking order."]
    if result.others:
        parts.append(
            f"{result.others} of them {'is' if result.others == 1 else 'are'} Braille, sound or plain text, in files of"
            " their own."
        )
    if result.outsourced:
        parts.append(f"{count_words(result.outsourced, 'letter is', 'letters are')} for somebody else to make.")
    if result.left_out:
        parts.append(f"{count_words(result.left_out, 'home', 'homes')} left out.")
    if result.refused:
        parts.append(f"{count_words(result.refused, 'letter', 'letters')} could not be made; the reasons are below.")
    strong = f"{count_words(result.made, 'letter', 'letters')} ready."
    return Made(
        strong, " ".join(parts), "Make the files again", result.refusals, finished=True, complete=True,
        drafts=result.drafts,
    )  # fmt: skip


def draft_words(count: int) -> str:
    """What is to be done about letters a machine wrote in Braille or read out."""
    these = "1 letter was" if count == 1 else f"{count} letters were"
    return f"{these} put into Braille or read out by a machine. Somebody who reads it goes over it before it goes out."


def run_words(row: ListedRun) -> str:
    """Where a run stands, in words."""
    counts = row.counts
    queued = counts.get("queued", 0)
    if row.run.state == "waiting":
        return "Waits for a second person"
    if row.run.state == "stopped":
        return f"Cancelled after {count_words(counts.get('made', 0), 'letter', 'letters')}"
    if queued:
        return f"{counts.get('made', 0)} of {counts.get('made', 0) + queued} letters made"
    if row.doors and row.doors_done == row.doors:
        return "Every door done"
    return f"{row.doors_done} of {count_words(row.doors, 'door', 'doors')} done"


def is_made(row: ListedRun) -> bool:
    """Whether nothing of the run is left to make."""
    return not row.counts.get("queued", 0)


def doors_words(letters: Sequence[LetterRecord]) -> str:
    """ "31 of 46 doors done: 25 delivered by hand, 4 no answer, 2 posted. 15 to go."."""
    done = [letter for letter in letters if letter.delivery]
    parts = [
        f"{count} {words.lower()}"
        for code, words in OUTCOMES
        if (count := sum(letter.delivery == code for letter in letters))
    ]
    rest = f": {', '.join(parts)}" if parts else ""
    left = len(letters) - len(done)
    return f"{len(done)} of {count_words(len(letters), 'door', 'doors')} done{rest}. {left} to go."


def short_where(letter: LetterRecord) -> str:
    """In which file a letter stands, short enough for a list: the whole of it stands beside the door."""
    elsewhere = where_it_is(letter)
    if not elsewhere:
        return where_words(letter)
    return "Somebody else" if letter.state == "outsourced" else f"{elsewhere.partition(':')[0]}, own file"


def where_words(letter: LetterRecord) -> str:
    """In which file and on which page a letter stands."""
    elsewhere = where_it_is(letter)
    if elsewhere:
        return elsewhere
    return f"File {letter.chunk}, page {letter.page_from}" if letter.chunk else ""
