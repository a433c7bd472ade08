"""The packs that come with the program, and the versions of them in force: what the organisation changed folded in."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from datetime import date
from importlib.resources import files
from typing import Any

from core.crypto.derive import sha256
from core.foundation.errors import PolicyPackInvalid
from core.policy.calendar import WorkingCalendar, parse_calendar
from core.policy.interview_questions import InterviewQuestions, parse_interview_questions
from core.policy.pack import PolicyPack, parse_pack
from core.policy.pack_versions import PackEdit, Version, version_on
from core.policy.powers import LegalPack, parse_legal_pack
from core.policy.risk_questions import Questions, parse_questions
from core.policy.survey_questions import SurveyQuestions, parse_survey

DEFAULT_PACK = "imani-2013"
RULES_VERSION = b"2"
"""Raise it when the way duties are worked out changes, so that no vault goes on with what an older program found."""
HOLIDAYS = "holidays-england-wales.json"
LEGAL_PACK = "england-2026-11.json"
QUESTIONS = "victim-1.json"
PROMPTS = "questions-1.json"
SURVEY = "satisfaction-1.json"
AGENCY_LIST = "agencies"
_PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

_SHIPPED = {
    "legal": ("legal", LEGAL_PACK, "the list of powers"), "risk": ("risk", QUESTIONS, "the questions about risk"),
    "holidays": ("policy", HOLIDAYS, "the list of bank holidays"),
    "interview": ("interview", PROMPTS, "the prompts of the interview"),
    "survey": ("survey", SURVEY, "the questions of the survey"),
}  # fmt: skip
"""Folder, file and name of each pack that comes with the program."""

CHECKS: Mapping[str, Callable[[str], Any]] = {
    "policy": parse_pack, "legal": parse_legal_pack, "risk": parse_questions, "holidays": parse_calendar,
    "interview": parse_interview_questions, "survey": parse_survey,
}  # fmt: skip
"""Each pack, and how its text is read."""


@functools.cache
def load_pack(name: str) -> PolicyPack:
    """The policy pack of that name, as shipped in `resources/policy`.

    Raises:
        PolicyPackInvalid: there is none, or it is damaged.
    """
    return parse_pack(_policy_text(name))


@functools.cache
def load_calendar() -> WorkingCalendar:
    """Working days in England and Wales, as shipped.

    Raises:
        PolicyPackInvalid: the shipped list is missing or damaged.
    """
    return parse_calendar(shipped_text("holidays", DEFAULT_PACK))


@functools.cache
def shipped_text(pack: str, name: str) -> str:
    """The text of a pack as it came with the program. `name`: which policy.

    Raises:
        PolicyPackInvalid: it is missing.
    """
    if pack == "policy":
        return _policy_text(name)
    folder, file, what = _SHIPPED[pack]
    return _text(folder, file, what=what)


_TOLD_BY = {
    "interview": "prompts", "survey": "open_question", "policy": "clocks", "legal": "powers", "risk": "questions",
    "holidays": "days", AGENCY_LIST: AGENCY_LIST,
}  # fmt: skip
"""What is in each pack and in none that comes after it."""


class PackShelf:
    """Every pack on whatever day, from the changes known here. `keep` replaces the changes when others arrive."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.edits: tuple[PackEdit, ...] = ()
        self._found: dict[tuple[str, date], Version] = {}
        self._read: dict[tuple[str, str], Any] = {}

    def keep(self, edits: tuple[PackEdit, ...]) -> None:
        """From now on these are the changes there are."""
        if edits != self.edits:
            self.edits = edits
            self._found.clear()
            self._read.clear()

    def version(self, pack: str, on: date) -> Version:
        """A pack as it is in force on a day."""
        found = self._found.get((pack, on))
        if found is None:
            found = version_on(pack, shipped_text(pack, self.name), self.edits, on, CHECKS[pack])
            self._found[(pack, on)] = found
        return found

    def policy(self, on: date) -> PolicyPack:
        """The policy in force on a day."""
        found: PolicyPack = self._rules("policy", on)
        return found

    def legal(self, on: date) -> LegalPack:
        """The powers as the list says them on a day."""
        found: LegalPack = self._rules("legal", on)
        return found

    def questions(self, on: date) -> Questions:
        """The questions about risk in use on a day."""
        found: Questions = self._rules("risk", on)
        return found

    def prompts(self, on: date) -> InterviewQuestions:
        """The prompts of a private interview in use on a day (policy 4.26)."""
        found: InterviewQuestions = self._rules("interview", on)
        return found

    def survey(self, on: date) -> SurveyQuestions:
        """The questions of the survey in use on a day (policy 4.30)."""
        found: SurveyQuestions = self._rules("survey", on)
        return found

    def survey_asked(self, set_id: str, version: int | None, on: date) -> SurveyQuestions:
        """The survey of that name and number, whatever is in use now; where nobody knows it, the one of that day."""
        for text in self._texts("survey"):
            found: SurveyQuestions = self._whole("survey", text)
            if (found.id, found.version) == (set_id, version):
                return found
        return self.survey(on)

    def why_not_number(self, pack: str, text: str) -> str:
        """Why a whole set cannot have its number: another text has it, and records name what was asked by it."""
        if pack not in ("interview", "survey"):
            return ""
        mine = CHECKS[pack](text)
        taken = [self._whole(pack, other) for other in self._texts(pack) if other != text]
        if any((one.id, one.version) == (mine.id, mine.version) for one in taken):
            return f"version {mine.version} of {mine.id} is another text already: give it the next number"
        return ""

    def calendar(self, on: date) -> WorkingCalendar:
        """Working days as they are known on a day."""
        found: WorkingCalendar = self._rules("holidays", on)
        return found

    def mark(self) -> bytes:
        """Changes whenever anything changes that a deadline is worked out from."""
        if not self.edits:
            return rules_mark(self.name)
        told = [repr((one.id, one.pack, one.path, one.value, one.body, one.in_force_from)) for one in self.edits]
        return sha256(b"".join([rules_mark(self.name), *(sha256(one.encode("utf-8")) for one in sorted(told))]))

    def _texts(self, pack: str) -> list[str]:
        """Every whole text of a pack that there ever was and that can be read, as it came with the program first."""
        found = [shipped_text(pack, self.name)]
        for edit in self.edits:
            if edit.pack == pack and edit.body and edit.decided_on is not None:
                try:
                    self._whole(pack, edit.body)
                except PolicyPackInvalid:
                    continue  # it was set aside on every laptop alike
                found.append(edit.body)
        return found

    def _rules(self, pack: str, on: date) -> Any:
        return self._whole(pack, self.version(pack, on).text)

    def _whole(self, pack: str, text: str) -> Any:
        if (pack, text) not in self._read:
            self._read[(pack, text)] = CHECKS[pack](text)
        return self._read[(pack, text)]


def rules_mark(name: str) -> bytes:
    """Changes whenever the shipped texts change that every deadline is worked out from.

    Raises:
        PolicyPackInvalid: there is no such pack.
    """
    load_pack(name)
    texts = (shipped_text("policy", name), shipped_text("holidays", name))
    return sha256(b"".join([RULES_VERSION, *(sha256(text.encode("utf-8")) for text in texts)]))


def kind_of_pack(text: str) -> str:
    """Which pack a text is, by what is in it.

    Raises:
        PolicyPackInvalid: it is none that the program knows.
    """
    for pack, name in _TOLD_BY.items():
        if f'"{name}"' in text:
            return pack
    raise PolicyPackInvalid(reason="it is none of the packs this program knows")


def _policy_text(name: str) -> str:
    # The name comes from a record that another laptop may have written: it must not lead out of the folder.
    if not _PLAIN_NAME.fullmatch(name):
        raise PolicyPackInvalid(reason="its name is not one a pack can have")
    return _text(f"policy/{name}", "pack.json", what=name)


def _text(folder: str, file: str, *, what: str) -> str:
    try:
        found = files("resources")
        for part in (*folder.split("/"), file):
            found /= part
        return found.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyPackInvalid(reason=f"{what} did not come with this version") from error
