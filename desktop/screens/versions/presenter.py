"""Choosing between versions: one case at a time, or what belongs to none."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.domain.declare import Kind
from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import ID_BYTES, RecordId
from core.services.versions import DELETED, Contested, Version
from desktop.operations import drafts, versions
from desktop.screens.asking import Question
from desktop.screens.autosave import Autosave
from desktop.screens.context import ScreenContext
from desktop.screens.versions.words import Part, how_many, marked, name_of
from desktop.screens.words import small_first
from desktop.widgets.moments import moment_words

MOST = 20
"""So many choices on the page at once; the next come up as these are made."""
SETTLE_MS = 200

Key = tuple[RecordId, str]
"""(record, field)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version as shown. `parts` are its words, those that differ marked; `by` says who, when and where."""

    version: Version
    parts: tuple[Part, ...]
    by: str
    tags: tuple[str, ...]
    keep: str
    """What its button says; empty if it cannot be chosen."""
    keep_spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """One field with its versions.

    `fold` stands before words that describe harm until they are asked for. `start` is the text "Write one from both"
    begins with; empty: not offered.
    """

    key: Key
    heading: str
    about: str
    lead: str
    fold: str
    versions: tuple[VersionView, ...]
    start: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsView:
    """The page. `reference` is the case, empty for none.

    `texts` are those being written, `left_over` those whose question was answered meanwhile.
    """

    reference: str
    choices: tuple[ChoiceView, ...]
    more: int
    texts: dict[Key, str]
    left_over: tuple[tuple[Key, str], ...]


class VersionsPresenter(QObject):
    """What is typed is kept as a draft of the case, under the name `versions:<case>`."""

    begun = Signal()
    """Another case: nothing of the one before may stay."""
    shown = Signal(object)
    """`VersionsView`."""
    problem = Signal(object, str)
    """(key, sentence) beside a text; an empty sentence takes it away."""
    failed = Signal(object)
    said = Signal(str)
    busy = Signal(bool)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._case: RecordId | None = None
        self._mark = 0
        self._visible = self._is_busy = self._began = False
        self._found: tuple[Contested, ...] = ()
        self._texts: dict[Key, str] = {}
        self._thrown: tuple[Key, str] | None = None
        self._settling: Key | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        self.autosave = Autosave(context, self._draft_body, self)
        self.autosave.said.connect(self.said)
        self.autosave.failed.connect(self.tell_failure)
        context.changes.announced.connect(self._changed)

    def arrive(self, case: RecordId | None) -> None:
        """Show what waits in a case; None is what belongs to no case."""
        self._visible = True
        another = not self._began or case != self._case
        if another:
            self._case, self._began = case, True
            self.autosave.begin(f"versions:{(case or bytes(ID_BYTES)).hex()}")
            self._found, self._texts, self._thrown = (), {}, None
            self.begun.emit()
        self._mark += 1
        if not self._texts:
            question = self._question(self._have_draft)
            drafts.load_draft(
                self._context.runner, f"versions:{(case or bytes(ID_BYTES)).hex()}",
                on_done=question.done, on_failed=question.fail,
            )  # fmt: skip
        self.load()

    def leave(self) -> None:
        """Another page comes, or a lock."""
        self._visible = False
        self.autosave.settle()

    def load(self) -> None:
        """Ask the vault."""
        question = self._question(self._have_versions)
        runner = self._context.runner
        if self._case is None:
            versions.versions_elsewhere(runner, on_done=question.done, on_failed=question.fail)
        else:
            versions.versions_of_case(runner, self._case, on_done=question.done, on_failed=question.fail)

    def keep(self, key: Key, version: Version) -> None:
        """Let this version stand."""
        self._choose(key, version.id)

    def write_one(self, key: Key) -> None:
        """Begin a text from all versions."""
        start = next((choice.start for choice in self._choices() if choice.key == key), "")
        if start and key not in self._texts:
            self._texts[key] = start
            self.autosave.typed()
            self._show()

    def typed(self, key: Key, text: str) -> None:
        """Something was typed."""
        if self._texts.get(key) != text:
            self._texts[key] = text
            self.autosave.typed()

    def keep_text(self, key: Key) -> None:
        """Let the text that was written stand."""
        contested = self._contested(key)
        if contested is None or key not in self._texts:
            return
        text = self._texts[key].strip()
        if contested.kind is Kind.TEXT and not any("\n" in version.words for version in contested.versions):
            text = " ".join(text.split())
        self._choose(key, text)

    def throw_away(self, key: Key) -> None:
        """Forget the text that was being written; the versions stay as they are."""
        text = self._texts.pop(key, None)
        if text is not None:
            self._thrown = (key, text)
            self._keep_draft()
            self._show()
            self._context.shell.say("The text is thrown away.", self.bring_back)

    def bring_back(self) -> None:
        """Undo `throw_away`, unless another text was begun there meanwhile."""
        thrown, self._thrown = self._thrown, None
        if thrown is not None and thrown[0] not in self._texts:
            self._texts[thrown[0]] = thrown[1]
            self._keep_draft()
            self._show()

    def tell_failure(self, error: AppError) -> None:
        """Something could not be had, or not be saved."""
        self.failed.emit(error)

    # ------------------------------------------------------------------ choosing

    def _choose(self, key: Key, chosen: bytes | str) -> None:
        contested = self._contested(key)
        if contested is None or self._is_busy:
            return
        self._settling = key
        self._set_busy(True)
        self.problem.emit(key, "")
        versions.settle_versions(
            self._context.runner, contested, chosen=chosen, on_done=self._settled, on_failed=self._not_settled
        )

    def _settled(self, result: object) -> None:
        key = self._settling
        self._set_busy(False)
        if key is not None and self._texts.pop(key, None) is not None:
            self._keep_draft()
        self._found = tuple(contested for contested in self._found if _key(contested) != key)
        self._context.shell.say("Your choice is saved. The other version stays in the history.")
        if not self._visible:
            return  # another page is on show by now
        if self._found or self._texts:
            self._show()
        else:
            self._context.shell.go_back()

    def _not_settled(self, error: AppError) -> None:
        key = self._settling
        self._set_busy(False)
        if isinstance(error, FormIncomplete) and key is not None:
            self.problem.emit(key, " ".join(error.problems.values()))
            return
        self.failed.emit(error)
        self.load()

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._settling = self._settling if busy else None
        self.busy.emit(busy)

    # ------------------------------------------------------------------ answers

    def _question(self, receive: object) -> Question:
        question = Question(self._mark, self)
        question.answered.connect(receive)
        question.failed.connect(self._load_failed)
        return question

    def _have_draft(self, mark: int, draft: object) -> None:
        if mark == self._mark and draft is not None:
            self._texts = {**_texts_of(getattr(draft, "body", "")), **self._texts}

    def _have_versions(self, mark: int, found: tuple[Contested, ...]) -> None:
        if mark == self._mark:
            self._found = found
            self._show()

    def _load_failed(self, mark: int, error: AppError) -> None:
        if mark == self._mark:
            self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        if self._visible and not self._is_busy:
            self._settle.start()

    # ------------------------------------------------------------------ what is shown

    def _show(self) -> None:
        choices = self._choices()
        open_now = {_key(contested) for contested in self._found}
        self.shown.emit(
            VersionsView(
                reference=next((contested.reference for contested in self._found), ""),
                choices=choices[:MOST],
                more=max(0, len(choices) - MOST),
                texts={key: text for key, text in self._texts.items() if key in open_now},
                left_over=tuple((key, text) for key, text in self._texts.items() if key not in open_now),
            )
        )

    def _choices(self) -> tuple[ChoiceView, ...]:
        return tuple(self._choice(contested) for contested in self._found)

    def _choice(self, contested: Contested) -> ChoiceView:
        joiner = "\n\n" if contested.kind is Kind.LONG_TEXT else " / "
        texts = [version.words for version in contested.versions if version.can_be_kept and not version.empty]
        return ChoiceView(
            key=_key(contested),
            heading=name_of(contested),
            about="" if contested.about == contested.reference else contested.about,
            lead=_lead(contested),
            fold="Describes what happened. Select to read" if contested.describes_harm else "",
            versions=tuple(self._version(contested, version) for version in contested.versions),
            start=joiner.join(texts) if contested.combines and contested.may_choose else "",
        )

    def _version(self, contested: Contested, version: Version) -> VersionView:
        now = self._context.clock.now()
        who = "You" if version.mine else version.who
        where = "this laptop" if version.this_laptop else f"laptop {version.laptop}"
        by = f"{who}, {small_first(moment_words(version.at, now))}, on {where}"
        first, second = contested.versions[0], contested.versions[1]
        other = second if version is first else first
        parts = marked(version.words, other.words) if contested.combines else ((version.words, False),)
        keep = _keep_words(contested, version) if contested.may_choose and version.can_be_kept else ""
        return VersionView(
            version=version, parts=parts, by=by,
            tags=("Shown in the file now",) if version.this_is_shown and contested.field != DELETED else (),
            keep=keep, keep_spoken=f"{keep}: {name_of(contested)}, by {by}",
        )  # fmt: skip

    def _contested(self, key: Key) -> Contested | None:
        return next((contested for contested in self._found if _key(contested) == key), None)

    # ------------------------------------------------------------------ the draft

    def _draft_body(self) -> str:
        if not self._texts:
            return ""
        return json.dumps(
            [[record.hex(), field, text] for (record, field), text in self._texts.items()], ensure_ascii=False
        )

    def _keep_draft(self) -> None:
        self.autosave.typed()
        self.autosave.settle()


def _key(contested: Contested) -> Key:
    return contested.record, contested.field


def _keep_words(contested: Contested, version: Version) -> str:
    if contested.field != DELETED:
        return "Keep this one"
    return "Delete it" if version.deletes else "Keep it in the file"


def _lead(contested: Contested) -> str:
    if not contested.may_choose:
        return "You read this and do not write in it. Somebody who does can choose."
    if contested.field == DELETED:
        return "It was deleted on one laptop while it was changed on another. Choose what holds."
    count = how_many(len(contested.versions))
    lead = f"{count} versions were written without knowing of each other. Choose what the file says from now on."
    return f"{lead} Words that differ are bold and underlined." if contested.combines else lead


def _texts_of(body: str) -> dict[Key, str]:
    """The texts of a draft; what cannot be read is left out."""
    try:
        kept = json.loads(body)
        return {(RecordId(bytes.fromhex(record)), str(field)): str(text) for record, field, text in kept}
    except (ValueError, TypeError):
        return {}
