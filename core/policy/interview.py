"""A private and safe interview, in the person's own words (4.26), with the officer they asked for (4.27).

1. Private means: somebody said that nobody else could hear, nobody of the person complained about was there, and each
   interruption says what was done to be safe.
2. A child never interprets, and nobody of the person complained about does.
3. A statement is signed as it was read back. One changed letter makes another version, which nobody has signed.
4. What the person does not want in the case stays out of it, unless somebody's safety goes before that, with reasons.
5. Which officer is asked for is a wish with a date. Who can meet it, officers say themselves; of what origin anybody
   is, is kept nowhere. It warns and never bars: a person who wants to speak now is heard now.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from core.domain.case import Party
from core.domain.confidential import PrivateInterview
from core.domain.interview import (
    COPY_FOR,
    Interruption,
    InterviewEvent,
    InterviewOffer,
    InterviewPerson,
    OfficerWish,
    RequestsMet,
    SignedStatement,
)
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts
from core.policy.keeps import keeps
from core.policy.safety import tells_an_address

CHILD_INTERPRETS = (
    "A child does not interpret: it hears what it should not, and the person will leave things out. Ask for a"
    " professional interpreter, by phone if need be."
)
THEIRS_INTERPRETS = (
    "Nobody of the person complained about interprets. Stop here, and go on with a professional interpreter."
)
FRIEND_INTERPRETS = "A friend or relative may leave things out. Offer a professional interpreter."
NAME_LANGUAGE = "Say into which language it was interpreted."
NO_REFUGE = "Of a refuge or another safe place nothing is written down, not even its name. Leave this empty."
NO_PLACE_ADDRESS = "Leave the address out. The sort of place is enough."
ENDS_FIRST = "It ended before it began. Check both times."
IN_FUTURE = "Enter a time that has already passed."
SAY_PRIVATE = "Say whether nobody else could hear."
NOT_PRIVATE = "Somebody else could hear. Talk again in private before you rely on it."
THEY_WERE_THERE = "Somebody of the person complained about was there. It was not private: talk again without them."
CHILD_WAS_THERE = "A child was there. Think whether it heard, and whether to tell safeguarding."
MADE_SAFE = "Say what was done to be safe after the interruption."
NOT_ASKED_OFFICER = "Ask whether they want another officer or interpreter, of the same sex or ethnic origin."
NO_WORDS = "There is no statement yet."
READ_IT_BACK = "Read the statement back first."
ASK_AGREED = "Ask whether that is what they said. If not, correct it and read it back again."
DRAW = "Sign in the box."
TYPE_NAME = "Type the person's name."
SAY_ALOUD = "Tick that they agreed aloud."
WHY_NOT_SIGNED = "Say why it is not signed."
CHOOSE_HOW = "Choose how it is signed, or that it is not."
ASK_WISH = "Ask the person first what may go into the case."
WISH_NOTHING = (
    "The person wants nothing of it in the case. Somebody's safety can go before that: then say whose, and whether the"
    " person was told."
)
COPY_FOR_WHOM = "Choose for whom the copy is."
COPY_WHY = "Say what the copy is for. It is written down before it is made."
SAY_WHY_NOT_MET = "Say why it could not be met."
ASKED_FOR_NOTHING = "They asked for nobody in particular. Tick what they asked for, or leave this open."

REFUSED_INTERPRETERS: Mapping[str, str] = {"child": CHILD_INTERPRETS, "theirs": THEIRS_INTERPRETS}
SPOKEN = frozenset({"professional", "by-phone", "officer", "friend"})
"""Sorts of interpreter who speak a language that is to be named."""
CLOCK_LEEWAY = timedelta(minutes=5)
MOST_POINTS = 5_000
WIDTH, HEIGHT = 1_000, 300
"""The box a signature is drawn in, in its own units."""
LEAST_LENGTH = 60
"""A signature is longer than this: a dot, or a hand laid on the screen, is none."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)

Strokes = Sequence[Sequence[int]]
"""Each stroke is x, y, x, y ... in whole units of the box."""


class Standing(StrEnum):
    """How the statement stands. `CHANGED`: what was signed is another text than what stands now."""

    NONE = "none"
    UNSIGNED = "unsigned"
    SIGNED = "signed"
    NOT_SIGNED = "not-signed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class StatementNow:
    """The statement that stands, as `version`, and the signature it has, or the latest one of an earlier version."""

    standing: Standing
    version: int
    signature: SignedStatement | None


# ------------------------------------------------------------------ 4.26: private and safe


@keeps("4.26", "No child, and nobody of the person complained about, interprets", on=("Interview",))
def why_not_interpreter(sort: str, language: str = "") -> dict[str, str]:
    """Policy 4.26: what speaks against whoever interprets, by field; empty if nothing does."""
    refused = REFUSED_INTERPRETERS.get(sort, "")
    if refused:
        return {"interpreter_sort": refused}
    return {"interpreter_language": NAME_LANGUAGE} if sort in SPOKEN and not language.strip() else {}


@keeps("4.26", "What to think of with this interpreter", on=("Interview",))
def interpreter_remark(sort: str) -> str:
    """Policy 4.26: what to think of with this interpreter; empty if nothing."""
    if sort == "not-had":
        return "Talk again with an interpreter as soon as one can be had."
    return FRIEND_INTERPRETS if sort == "friend" else ""


@keeps("4.26", "The sort of place, and of a refuge no word", on=("Interview",))
def why_not_place(sort: str, words: str) -> str:
    """Policy 4.26: why these words on the place are not kept. Of a refuge none are (4.23)."""
    if not words.strip():
        return ""
    if sort == "refuge":
        return NO_REFUGE
    return NO_PLACE_ADDRESS if tells_an_address(words) else ""


@keeps("4.26", "When it began and ended", on=("Interview",))
def why_not_times(started_at: datetime | None, ended_at: datetime | None, now: datetime) -> dict[str, str]:
    """Policy 4.26: what is wrong with when it began and ended, by field. Both may be typed in afterwards."""
    wrong = {
        name: IN_FUTURE
        for name, at in (("started_at", started_at), ("ended_at", ended_at))
        if at is not None and at > now + CLOCK_LEEWAY
    }
    if started_at is not None and ended_at is not None and ended_at < started_at:
        wrong.setdefault("ended_at", ENDS_FIRST)
    return wrong


@keeps("4.26", "Private and safe, also after somebody came home", on=("Interview",))
def why_not_private(
    interview: PrivateInterview, people: Collection[InterviewPerson], interruptions: Collection[Interruption]
) -> tuple[str, ...]:
    """Policy 4.26: what keeps it from having been a private and safe interview, as sentences, gravest first."""
    roles = {one.role for one in people}
    found = [THEY_WERE_THERE] if "complained-about" in roles else []
    if interview.private_confirmed is None:
        found.append(SAY_PRIVATE)
    elif not interview.private_confirmed:
        found.append(NOT_PRIVATE)
    if any(not one.made_safe.strip() for one in interruptions):
        found.append(MADE_SAFE)
    if "child" in roles:
        found.append(CHILD_WAS_THERE)
    return tuple(found)


@keeps("4.26", "What of it is not written down yet", on=("Interview",))
def still_to_record(
    interview: PrivateInterview, people: Collection[InterviewPerson], signatures: Collection[SignedStatement]
) -> tuple[str, ...]:
    """Policy 4.26: what of the interview is not written down yet. None of it stops anybody."""
    missing = {
        "Where it was": not interview.place_sort,
        "Who was there": not people and not interview.present.strip(),
        "Whether it was interpreted": not interview.interpreter_sort,
        "When it began": interview.started_at is None,
        "When it ended": interview.ended_at is None,
        "Which officer they want": interview.officer_asked is None,
        "Read back, and signed or not": statement_now(interview.statement, signatures).standing
        in (Standing.UNSIGNED, Standing.CHANGED),
    }
    return tuple(words for words, is_missing in missing.items() if is_missing)


@keeps("4.26", "Sound only with consent", on=("Interview",))
def may_record_sound(interview: PrivateInterview) -> bool:
    """Policy 4.26: sound is recorded only after the person agreed to it."""
    return interview.sound_agreed is True


# ------------------------------------------------------------------ 4.26: the statement


def hash_of(words: str) -> bytes:
    """The hash a signature stands for: SHA-256 of the words in UTF-8."""
    return hashlib.sha256(words.encode()).digest()


@keeps("4.26", "A signature holds for the very words", on=("Interview",))
def statement_now(words: str, signatures: Collection[SignedStatement]) -> StatementNow:
    """Policy 4.26: how the statement stands. A signature holds for the very words it was given for and no others."""
    made = sorted((one for one in signatures if _is_whole(one)), key=lambda one: (known(one.at) or _BEGINNING, one.id))
    versions = list(dict.fromkeys(one.words_hash for one in made))
    if not words.strip():
        return StatementNow(Standing.NONE, len(versions), made[-1] if made else None)
    now = hash_of(words)
    version = versions.index(now) + 1 if now in versions else len(versions) + 1
    of_these = [one for one in made if one.words_hash == now]
    if of_these:
        standing = Standing.SIGNED if of_these[-1].how in ("drawn", "typed") else Standing.NOT_SIGNED
        return StatementNow(standing, version, of_these[-1])
    return StatementNow(Standing.CHANGED if made else Standing.UNSIGNED, version, made[-1] if made else None)


@keeps("4.26", "Read back, agreed and signed, or not and why", on=("Interview",))
def why_not_sign(
    interview: PrivateInterview, *, how: str, strokes: Strokes = (), name: str = "", agreed_aloud: bool = False,
    reason: str = "",
) -> dict[str, str]:  # fmt: skip
    """Policy 4.26: what is missing before a statement counts as signed, or as not signed, by field."""
    if not interview.statement.strip():
        return {"statement": NO_WORDS}
    if how in ("refused", "unable"):
        return {} if reason.strip() else {"reason": WHY_NOT_SIGNED}
    if how not in ("drawn", "typed"):
        return {"how": CHOOSE_HOW}
    missing: dict[str, str] = {}
    if not interview.read_back:
        missing["read_back"] = READ_IT_BACK
    elif not interview.agreed:
        missing["agreed"] = ASK_AGREED
    if how == "drawn":
        problem = why_not_signature(strokes)
        if problem:
            missing["strokes"] = problem
    else:
        if not name.strip():
            missing["name"] = TYPE_NAME
        if not agreed_aloud:
            missing["agreed_aloud"] = SAY_ALOUD
    return missing


def why_not_signature(strokes: Strokes) -> str:
    """Policy 4.26: why what was drawn is no signature; empty if it is one."""
    points = sum(len(stroke) // 2 for stroke in strokes)
    if points > MOST_POINTS:
        return "That is too much for a signature. Wipe it and sign again."
    for stroke in strokes:
        inside = len(stroke) % 2 == 0 and all(
            0 <= value <= (HEIGHT if place % 2 else WIDTH) for place, value in enumerate(stroke)
        )
        if not inside:
            return DRAW
    return "" if sum(_length(stroke) for stroke in strokes) >= LEAST_LENGTH else DRAW


@keeps("4.31", "A copy of the statement goes to the person, or with a reason to a file", on=("Interview",))
def why_not_copy(words: str, for_whom: str, reason: str) -> dict[str, str]:
    """Policy 4.31: what is missing before a copy of a statement leaves the workbook, by field.

    `for_whom`: a code of `COPY_FOR`. The person is never asked for a reason for what they said themselves.
    """
    if not words.strip():
        return {"statement": NO_WORDS}
    if for_whom not in COPY_FOR:
        return {"for_whom": COPY_FOR_WHOM}
    return {} if for_whom == "person" or reason.strip() else {"copy_reason": COPY_WHY}


# ------------------------------------------------------------------ 4.26: into the case


@keeps("4.26", "What may go into the case, the person says", on=("Interview",))
def why_not_put(interview: PrivateInterview, against_wish_because: str = "") -> str:
    """Policy 4.26: why nothing goes from the interview into the case; empty if it may."""
    if not interview.into_case:
        return ASK_WISH
    if interview.into_case == "nothing" and not against_wish_because.strip():
        return WISH_NOTHING
    return ""


@keeps("4.26", "Asked once, and the statement stays", on=("Interview",))
def pieces_waiting(
    interview: PrivateInterview, events: Collection[InterviewEvent], put: Collection[str]
) -> frozenset[str]:
    """Policy 4.26: what there is to put into the case and was not put in yet; the statement is never among it.

    `put`: pieces that went in before. Each thing that happened goes by itself, so incidents are never used up.
    """
    there = {
        "incident": any(one.put_at is None and event_words(one) for one in events),
        "contact": interview.started_at is not None,
        "risk": bool(interview.risk_answers) or any(one.impact.strip() for one in events),
        "wish": bool(interview.wanted.strip()),
        "officer": bool(interview.wants or interview.wants_interpreter or interview.officer_asked),
    }
    return frozenset(code for code, is_there in there.items() if is_there and (code == "incident" or code not in put))


def event_words(event: InterviewEvent) -> str:
    """Policy 4.26: one thing that happened in the words it goes into the case with: what, then who."""
    who = f"Who did it, as the person sees it: {event.who.strip()}" if event.who.strip() else ""
    return "\n".join(part for part in (event.what.strip(), who) if part)


@keeps("4.26", "Whom a private interview was offered, and what they said", on=("Plan",))
def interview_offers(facts: CaseFacts) -> Mapping[RecordId | None, InterviewOffer]:
    """Policy 4.26: what each person said to the offer of a private interview, by their latest word."""
    ordered = sorted(facts.of(InterviewOffer), key=lambda one: (known(one.offered_at) or _BEGINNING, one.id))
    return {one.party: one for one in ordered}


# ------------------------------------------------------------------ 4.27: the officer asked for


@keeps("4.27", "Which officer each person asked for", on=("Plan", "Case file"))
def wishes_for_officer(facts: CaseFacts) -> Mapping[RecordId | None, OfficerWish]:
    """Policy 4.27: which officer each person of a case asked for, by their latest word."""
    latest: dict[RecordId | None, OfficerWish] = {}
    for one in sorted(facts.of(OfficerWish), key=lambda one: (known(one.said_at) or _BEGINNING, one.id)):
        latest[one.party] = one
    return latest


def can_meet(wants: Collection[str], said: Collection[str]) -> bool:
    """Policy 4.27: whether a colleague who said they can meet `said` meets all of `wants`.

    The same origin is met by nobody beforehand: whoever may be asked answers for this one request.
    """
    return set(wants) <= set(said) - {"origin"}


@keeps("4.27", "Who said they can meet what was asked for", on=("Interview",))
def who_may_meet(wants: Collection[str], said: Mapping[bytes, Collection[str]]) -> tuple[bytes, ...]:
    """Policy 4.27: the colleagues to ask, who said they can meet what is asked for, in a steady order."""
    return tuple(sorted(user for user, met in said.items() if wants and set(wants) <= set(met)))


@keeps("4.27", "What colleagues can meet is what they said last", on=("Interview",))
def latest_said(records: Collection[RequestsMet]) -> Mapping[bytes, frozenset[str]]:
    """Policy 4.27: what each colleague says they can meet, by their latest word; taking it back counts."""
    ordered = sorted(records, key=lambda one: (known(one.said_at) or _BEGINNING, one.id))
    return {one.user: one.can_meet for one in ordered}


@keeps("4.27", "Another officer is told, and not barred", on=("Interview", "Record contact"))
def nag(wants: Collection[str], said: Collection[str], *, met: bool | None = None) -> str:
    """Policy 4.27: what to say to an officer who opens a visit or an interview although another was asked for.

    It is said and bars nothing. `said`: what this officer can meet; `met`: it was settled for this talk already.
    """
    if not wants or met is True or can_meet(wants, said):
        return ""
    return f"The person asked for {asked_words(wants)}. Ask whether they want to go on with you, and write down why."


def asked_words(wants: Collection[str]) -> str:
    """Policy 4.27: what was asked for, as words within a sentence."""
    one = "a woman" if "woman" in wants else "a man" if "man" in wants else "somebody"
    if {"woman", "man"} <= set(wants):
        one = "a woman or a man"
    return f"{one} of the same ethnic origin" if "origin" in wants else one


@keeps("4.27", "Not met needs a reason, for interpreters too", on=("Interview",))
def why_not_wish(
    wants: Collection[str], wants_interpreter: Collection[str], met: bool | None, reason: str
) -> dict[str, str]:
    """Policy 4.27: what is missing in a wish for an officer, by field. Not met needs a reason."""
    if met is not None and not wants and not wants_interpreter:
        return {"wants": ASKED_FOR_NOTHING}
    return {"wants_not_met_because": SAY_WHY_NOT_MET} if met is False and not reason.strip() else {}


@keeps("4.27", "What was asked for when it was reported", on=("Interview", "Record contact"))
def asked_at_report(parties: Collection[Party]) -> tuple[str, ...]:
    """Policy 4.27: the kinds of officer asked for when it was reported, in the words written down then."""
    return tuple(dict.fromkeys(party.officer_wanted.strip() for party in parties if party.officer_wanted.strip()))


def _is_whole(one: SignedStatement) -> bool:
    return one.words_hash == hash_of(one.words)


def _length(stroke: Sequence[int]) -> float:
    points = list(zip(stroke[::2], stroke[1::2], strict=True))
    return sum(math.hypot(bx - ax, by - ay) for (ax, ay), (bx, by) in itertools.pairwise(points))
