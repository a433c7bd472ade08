"""Finds what would give a person away in a text that is about to leave. Pure.

It would rather stop a letter that is harmless than let one name through: every find is shown to the
officer in its sentence, with the reason. What is compared is words without case, accents, punctuation,
hyphens or possessives, so "AMÍNA-KHAN's" is found as "Amina Khan", and "planned" never as "Ann".

A name that is also an everyday word ("Mark", "Rose") counts on its own only with a capital letter.
A strand does not count in a paragraph or list that names three strands or more: that is about all of them.

Policy 4.12 (the general letter to an area) and 3.3 (safety of the person).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.letters.folded import FoldedText, Stretches, Word, fold, fold_words
from core.letters.guard_patterns import SHORTEST_MISSPELT, Form, Words
from core.letters.guard_prepared import NOT_SECRET, Fact, Prepared, Secret, SecretKind, prepare
from core.letters.guard_words import (
    FLAT_LABELS,
    MONTHS,
    NUMBER_LABELS,
    NUMBER_WORDS,
    ORDINAL_ENDS,
    WEEKDAYS,
    is_common,
    stem,
)

__all__ = ["Leak", "Prepared", "Secret", "SecretKind", "find_leaks", "prepare"]

STRANDS_OF_A_GENERAL_LIST = 3

_LOCAL_DIGITS = range(6, 9)
_WHOLE_PHONE_DIGITS = 9
_ID_REACH = 12
_DIGIT_RUN = re.compile(r"\+?\(?\d[\d\s().\-/–]{3,}\d")
_NUMERIC_DATE = re.compile(r"(?<![\d/.-])(\d{1,4})([/.-])(\d{1,2})(?:\2(\d{4}|\d{1,2}))?(?![\d/])")
_ID_GAP_ENDS = re.compile(r"[.;!?]|\n\s*\n")
_SHORTENED = frozenset(("no", "nos", "nr", "num", "apt", "apts", "flt"))
_ID_CONNECTORS = frozenset(("and", "or", "to", "no", "number", "nos", "numbers", "the"))


@dataclass(frozen=True, slots=True)
class Leak:
    """One place where a secret shows: the words as written, the sentence they stand in, and why they count."""

    secret: Secret
    found: str
    sentence: str
    why: str


class _Hit(NamedTuple):
    """`start` and `end` are places in the folded text."""

    start: int
    end: int
    secret: int
    what: str
    strand: str = ""


def find_leaks(text: str, secrets: Sequence[Secret] | Prepared, *, allowed: Sequence[str] = ()) -> tuple[Leak, ...]:
    """Every place in `text` where one of the secrets shows, in reading order.

    `allowed` holds words that may stand although they look like a secret, such as the organisation's own
    name, address and numbers: a find that lies wholly inside one of them does not count. A fact is found
    when its telling words stand in one sentence, in any order.
    """
    prepared = secrets if isinstance(secrets, Prepared) else prepare(secrets)
    if not prepared.secrets:
        return ()
    folded = fold(text)
    hits = [*_phrases(folded, prepared), *_misspelt(folded, prepared)]
    if prepared.ids:
        hits += _ids(folded, prepared)
    if prepared.phones:
        hits += _phones(folded, prepared)
    if prepared.days:
        hits += [*_spoken_days(folded, prepared), *_numeric_days(folded, prepared)]
    if not hits and not prepared.facts:
        return ()
    stretches = Stretches(text)
    hits += _facts(folded, prepared, stretches)
    hits = _without_general_strands(folded, hits, stretches)
    hits = _longest(_outside(hits, _stretches_of(folded, allowed)))
    return tuple(_shown(folded, hit, prepared, stretches) for hit in hits)


# ------------------------------------------------------------------ words in a row


def _phrases(folded: FoldedText, prepared: Prepared) -> Iterator[_Hit]:
    words = folded.words
    patterns = prepared.patterns
    for at, word in enumerate(words):
        for pattern in patterns.get(word.text, ()):
            form = pattern.form
            end = at + len(form.words)
            if len(form.words) > 1 and tuple(each.text for each in words[at:end]) != form.words:
                continue
            if _stands(folded, form, at):
                yield _Hit(word.start, words[end - 1].end, pattern.secret, form.what, pattern.strand)


def _stands(folded: FoldedText, form: Form, at: int) -> bool:
    """Whether the form counts where it was found."""
    words = folded.words
    first, last = words[at], words[at + len(form.words) - 1]
    if form.needs_capital and not all(folded.is_capital(word) for word in words[at : at + len(form.words)]):
        return False
    if form.not_first and folded.starts_sentence(first):
        return False
    if form.needs_capital and first is last and first.text in MONTHS and _is_in_a_date(words, at):
        return False
    # "Flat 6" is not "Flat 6a", and "14 Marsh 2" is not "14 Marsh 2b".
    return not (last.text.isdecimal() and _letter_behind(folded, at + len(form.words) - 1))


def _letter_behind(folded: FoldedText, at: int) -> bool:
    words = folded.words
    return (
        at + 1 < len(words)
        and folded.touch(words[at], words[at + 1])
        and len(words[at + 1].text) == 1
        and words[at + 1].text.isalpha()
    )


def _is_in_a_date(words: tuple[Word, ...], at: int) -> bool:
    """Whether a month's name stands beside a number: "12 May", "May 2026", "1st of June"."""
    before = [word.text for word in words[max(0, at - 3) : at] if word.text not in ORDINAL_ENDS and word.text != "of"]
    after = words[at + 1].text if at + 1 < len(words) else ""
    return after.isdecimal() or bool(before and before[-1].isdecimal())


# ------------------------------------------------------------------ one wrong letter


def _misspelt(folded: FoldedText, prepared: Prepared) -> Iterator[_Hit]:
    near = prepared.near
    if not near:
        return
    for word in folded.words:
        text = word.text
        if len(text) < SHORTEST_MISSPELT - 1:
            continue
        for end in ("<" + text[:2], ">" + text[-2:]):
            for name, secret in near.get(end, ()):
                if text != name and _one_edit_apart(text, name) and not is_common(text):
                    yield _Hit(word.start, word.end, secret, "a spelling close to the name")


def _one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter was changed, left out, put in, or changed places with the next."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = 0
    while at < len(one) and one[at] == other[at]:
        at += 1
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    return one[at + 1 :] == other[at + 1 :] or (
        one[at + 2 :] == other[at + 2 :] and one[at : at + 2] == other[at : at + 2][::-1]
    )


# ------------------------------------------------------------------ flats and house numbers


def _ids(folded: FoldedText, prepared: Prepared) -> Iterator[_Hit]:
    words = folded.words
    for at, word in enumerate(words):
        is_flat = word.text in FLAT_LABELS
        if not (is_flat or word.text in NUMBER_LABELS):
            continue
        for first, last, number in _ids_after(folded, at, letters=is_flat):
            # A number with a letter is another home than the number alone.
            for secret in prepared.ids.get(number, ()):
                yield _Hit(
                    word.start if first <= at + 2 else words[first].start,
                    words[last].end,
                    secret,
                    "the number of the home",
                )


def _ids_after(folded: FoldedText, at: int, *, letters: bool) -> Iterator[tuple[int, int, Words]]:
    """Numbers or letters after "flat", "flats 5, 6 and 7", "number": first and last word, and the number."""
    words = folded.words
    place = at + 1
    while place < min(len(words), at + _ID_REACH):
        gap = folded.folded[words[place - 1].end : words[place].start]
        if _ID_GAP_ENDS.search(gap) and words[place - 1].text not in _SHORTENED:
            return
        text = words[place].text
        spelt = words[place - 1].text != "no"  # "no one" is nobody
        if text in _ID_CONNECTORS:
            place += 1
        elif text.isdecimal():
            with_letter = _letter_behind(folded, place)
            number = str(int(text)) if len(text) < 6 else text
            yield place, place + with_letter, (number, words[place + 1].text) if with_letter else (number,)
            place += 1 + with_letter
        elif spelt and text in NUMBER_WORDS:
            yield place, place, (NUMBER_WORDS[text],)
            place += 1
        elif letters and len(text) == 1:
            if not gap.endswith(("'", "’")):  # the end of a possessive: "the flat's door"
                yield place, place, (text,)
            place += 1
        else:
            return


# ------------------------------------------------------------------ phones


def _phones(folded: FoldedText, prepared: Prepared) -> Iterator[_Hit]:
    for match in _DIGIT_RUN.finditer(folded.folded):
        digits = "".join(character for character in match.group() if character.isdecimal())
        for number, secret in prepared.phones:
            whole = len(number) >= _WHOLE_PHONE_DIGITS and number in digits
            if whole or digits.lstrip("0") == number:
                yield _Hit(match.start(), match.end(), secret, "the phone number")
            elif len(digits) in _LOCAL_DIGITS and len(number) > len(digits) and number.endswith(digits):
                yield _Hit(match.start(), match.end(), secret, "the end of the phone number")


# ------------------------------------------------------------------ days


def _spoken_days(folded: FoldedText, prepared: Prepared) -> Iterator[_Hit]:
    """ "31 May", "31st of May 2026", "May 31st", "Sunday 31", "Sunday the 31st"."""
    words = folded.words
    for at, word in enumerate(words):
        if not (word.text.isdecimal() and len(word.text) <= 2):
            continue
        day = int(word.text)
        after = at + 2 if at + 1 < len(words) and words[at + 1].text in ORDINAL_ENDS else at + 1
        month_at = after + 1 if after < len(words) and words[after].text == "of" else after
        before = at - 2 if at > 1 and words[at - 1].text == "the" else at - 1
        month = MONTHS.get(words[month_at].text) if month_at < len(words) else None
        if month is not None:
            yield from _dated(folded, prepared, (month, day), at, month_at, _year_at(words, month_at + 1))
        elif before >= 0 and (month := MONTHS.get(words[before].text)) is not None:
            yield from _dated(folded, prepared, (month, day), before, after - 1, _year_at(words, after))
        elif before >= 0 and (weekday := WEEKDAYS.get(words[before].text)) is not None:
            for (_, secret_day), found in prepared.days.items():
                for each in found:
                    if secret_day == day and each.weekday in (None, weekday):
                        yield _Hit(words[before].start, words[after - 1].end, each.secret, "the day")


def _year_at(words: tuple[Word, ...], at: int) -> tuple[int, int] | None:
    """A year in four digits and its place, if one stands there."""
    if at < len(words) and len(words[at].text) == 4 and words[at].text.isdecimal():
        return at, int(words[at].text)
    return None


def _dated(
    folded: FoldedText, prepared: Prepared, day: tuple[int, int], first: int, last: int, year: tuple[int, int] | None
) -> Iterator[_Hit]:
    for each in prepared.days.get(day, ()):
        if year is None or each.year is None or each.year == year[1]:
            end = folded.words[year[0] if year else last].end
            yield _Hit(folded.words[first].start, end, each.secret, "the date")


def _numeric_days(folded: FoldedText, prepared: Prepared) -> Iterator[_Hit]:
    """ "31/05/2026", "31.5.26", "2026-05-31", "31/5"; "24/7" is not a date."""
    for match in _NUMERIC_DATE.finditer(folded.folded):
        reading = _read_numeric(match)
        if reading is None:
            continue
        month, day, year = reading
        for each in prepared.days.get((month, day), ()):
            if year is None or each.year in (None, year):
                yield _Hit(match.start(), match.end(), each.secret, "the date")


def _read_numeric(match: re.Match[str]) -> tuple[int, int, int | None] | None:
    """Month, day and year of a date in numbers, or None for other numbers."""
    first, second, last = int(match[1]), int(match[3]), match.group(4)
    if last is None:
        is_date = match[2] == "/" and len(match[1]) <= 2 and match.group() != "24/7"
        return (second, first, None) if is_date else None
    if len(match[1]) == 4:
        return second, int(last), first
    if len(match[1]) > 2 or len(last) not in (2, 4):
        return None
    year = int(last) + (2000 if len(last) == 2 else 0)
    # Month first only where it cannot be the day: "05/31/2026".
    return (second, first, year) if second <= 12 else (first, second, year)


# ------------------------------------------------------------------ facts and strands


def _facts(folded: FoldedText, prepared: Prepared, stretches: Stretches) -> list[_Hit]:
    if not prepared.facts:
        return []
    roots = {text: stem(text) for text in {word.text for word in folded.words}}
    wanted = frozenset[str]().union(*(fact.stems for fact in prepared.facts))
    sentences: dict[int, list[tuple[str, Word]]] = defaultdict(list)
    for word in folded.words:
        if (root := roots[word.text]) in wanted:
            start, _ = folded.span(word.start, word.end)
            sentences[stretches.sentence_at(start)].append((root, word))
    return [hit for words in sentences.values() for fact in prepared.facts if (hit := _told(fact, words)) is not None]


def _told(fact: Fact, words: list[tuple[str, Word]]) -> _Hit | None:
    found = [(root, word) for root, word in words if root in fact.stems]
    if len({root for root, _ in found}) < fact.enough:
        return None
    return _Hit(found[0][1].start, found[-1][1].end, fact.secret, "what happened")


def _without_general_strands(folded: FoldedText, hits: list[_Hit], stretches: Stretches) -> list[_Hit]:
    """Leave out strands in a block that names many, and the strands that were only counted."""
    blocks: dict[int, set[str]] = defaultdict(set)
    where: dict[_Hit, int] = {}
    for hit in hits:
        if hit.strand:
            where[hit] = stretches.block_at(folded.span(hit.start, hit.end)[0])
            blocks[where[hit]].add(hit.strand)
    return [
        hit
        for hit in hits
        if hit.secret != NOT_SECRET and not (hit.strand and len(blocks[where[hit]]) >= STRANDS_OF_A_GENERAL_LIST)
    ]


# ------------------------------------------------------------------ what is shown


def _stretches_of(folded: FoldedText, phrases: Sequence[str]) -> list[tuple[int, int]]:
    """Where allowed phrases stand, word for word."""
    wanted = [words for phrase in phrases if (words := fold_words(phrase))]
    texts = [word.text for word in folded.words]
    return [
        (folded.words[at].start, folded.words[at + len(words) - 1].end)
        for words in wanted
        for at, text in enumerate(texts)
        if text == words[0] and tuple(texts[at : at + len(words)]) == words
    ]


def _outside(hits: list[_Hit], allowed: list[tuple[int, int]]) -> list[_Hit]:
    return [hit for hit in hits if not any(start <= hit.start and hit.end <= end for start, end in allowed)]


def _longest(hits: list[_Hit]) -> list[_Hit]:
    """For each secret the longest of the finds that overlap, in reading order."""
    kept: list[_Hit] = []
    reached: Counter[int] = Counter()
    for hit in sorted(set(hits), key=lambda hit: (hit.start, -hit.end, hit.secret, hit.what)):
        if hit.end > reached[hit.secret]:
            kept.append(hit)
            reached[hit.secret] = hit.end
    return kept


def _shown(folded: FoldedText, hit: _Hit, prepared: Prepared, stretches: Stretches) -> Leak:
    start, end = folded.span(hit.start, hit.end)
    secret = prepared.secrets[hit.secret]
    return Leak(
        secret=secret,
        found=" ".join(folded.original[start:end].split()),
        sentence=stretches.sentence_text(start, end),
        why=f"{hit.what[0].upper()}{hit.what[1:]}: {secret.reason}" if secret.reason else hit.what.capitalize(),
    )
