"""What several chapters offer to choose from, and ask in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.domain.case import PARTY_ROLES
from core.domain.documents import Attachment
from core.foundation.ids import RecordId
from core.policy.talks import people_to_tell
from core.services.case_page import CasePage
from desktop.screens.step.declare import Answer, Answers, Ask, Options, StepFacts, record_id


def now(facts: StepFacts) -> object:
    """The moment the page was opened, as the first answer to "when"."""
    return facts.now.isoformat()


def people(facts: StepFacts) -> Options:
    """Everybody in the case, with their part in it."""
    return people_of(facts.page)


def people_of(page: CasePage, *roles: str) -> Options:
    """Everybody in the case with one of these parts in it; everybody if none is given."""
    found = []
    for party in page.file.contents.parties:
        if roles and not party.roles.intersection(roles):
            continue
        words = ", ".join(words for code, words in PARTY_ROLES.items() if code in party.roles).lower()
        found.append((party.id.hex(), f"{party.name or 'Name not given'} ({words})"))
    return tuple(found)


def several_people(facts: StepFacts, answers: Answers) -> bool:
    """Whether it has to be asked who is meant."""
    del answers
    return len(facts.page.file.contents.parties) > 1


def officer_remark(page: CasePage) -> str:
    """That another officer was asked for than this one (policy 4.27)."""
    return page.officer.words


def one_of(choices: Mapping[str, str]) -> Callable[[StepFacts], Options]:
    """Code and words of a declared list, whatever the case."""
    options = tuple(choices.items())
    return lambda _facts: options


def is_open(page: CasePage) -> bool:
    """Whether the case is not closed."""
    return page.file.case.stage != "closed"


def always(page: CasePage) -> bool:
    """Offered in every case."""
    del page
    return True


def chosen(answers: Answers, name: str) -> RecordId:
    """The record chosen with `which`; the presenter has seen to it that one is."""
    found = record_id(answers, name)
    assert found is not None, "the presenter asks for it"
    return found


def which(name: str, label: str, options: Callable[[StepFacts], Options], need: str) -> Ask:
    """Which record the page is about: the one it was opened from, or the only one there is. It stays in a draft."""

    def start(facts: StepFacts) -> object:
        if facts.subject is not None:
            return facts.subject.hex()
        offered = options(facts)
        return offered[0][0] if len(offered) == 1 else ""

    return Ask(name=name, kind=Answer.FROM_LIST, label=label, options=options, start=start, need=need)


def who(label: str = "Who", hint: str = "") -> Ask:
    """Which person of the case, where there are several."""
    return Ask(
        name="party", kind=Answer.FROM_LIST, label=label, hint=hint, options=people, applies=several_people,
        optional=True,
    )  # fmt: skip


def person_to_tell(label: str) -> Ask:
    """Which of the people harmed, where there are several; the person complained about is not among them."""
    return Ask(
        name="party", kind=Answer.FROM_LIST, label=label, options=_people_to_tell, applies=_several_to_tell,
        start=_one_to_tell, need="Choose who is meant.",
    )  # fmt: skip


def _people_to_tell(facts: StepFacts) -> Options:
    names = {party.id: party.name for party in facts.page.file.contents.parties}
    people = people_to_tell(facts.page.file.contents)
    return tuple((one.hex(), names.get(one) or "Name not given") for one in people if one is not None)


def _several_to_tell(facts: StepFacts, answers: Answers) -> bool:
    del answers
    return len(_people_to_tell(facts)) > 1


def _one_to_tell(facts: StepFacts) -> object:
    people = _people_to_tell(facts)
    return people[0][0] if len(people) == 1 else ""


def photographs(facts: StepFacts) -> Options:
    """The photographs of the case, newest first, by what they show and their name."""
    found = [one for one in facts.page.file.contents.of(Attachment) if one.what.startswith("photo")]
    shown = {"photo-before": "before", "photo-after": "after"}
    return tuple(
        (one.id.hex(), ", ".join(part for part in (one.about or one.name, shown.get(one.what, "")) if part))
        for one in reversed(found)
    )


def no_photo_before(facts: StepFacts, answers: Answers) -> bool:
    """Whether it has to be said why there is no photograph from before."""
    del facts
    return not record_id(answers, "photo_before")
