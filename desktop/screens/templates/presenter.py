"""Choosing a document, changing its text, looking at real pages, and agreeing to what somebody else wrote."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete, TemplateInvalid
from core.services.template_page import ENGLISH, ListedTemplate, TemplateParts, TemplatesPage, id_from
from desktop.operations import drafts, letter_templates
from desktop.screens.asking import Question
from desktop.screens.autosave import Autosave
from desktop.screens.context import ScreenContext

DRAFT = "template"


class TemplatesPresenter(QObject):
    """One text at a time. It is kept only as the text that was looked at."""

    opened = Signal(object)
    """`TemplatesPage`."""
    shown = Signal(object, object)
    """(`TemplateParts`, `ListedTemplate` or None): the text on the page."""
    versions = Signal(object)
    previews = Signal(object)
    """A tuple of `TemplatePreview`; empty: what was looked at is no longer what stands there."""
    problems = Signal(object)
    busy = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._page: TemplatesPage | None = None
        self._row: ListedTemplate | None = None
        self._parts: TemplateParts | None = None
        self._text = ""
        self._wanted = ("", ENGLISH)
        self.autosave = Autosave(context, self._to_keep, self)
        self.autosave.failed.connect(self.failed)

    # ------------------------------------------------------------------ what is asked

    def arrive(self) -> None:
        """Read everything again; what was being written stays."""
        letter_templates.open_templates(self._context.runner, on_done=self._opened, on_failed=self._failed)

    def choose(self, template: str, language: str) -> None:
        """Show a document in a language; a language it is not there in begins with the English words."""
        self._forget_look()
        self._wanted = (template, language)
        row = self._find(template, language)
        self._row = row
        if row is not None:
            self._show(self._of_newest_english(row.waiting_parts or row.parts))
        else:
            english = self._find(template, ENGLISH)
            if english is None:
                return
            self._show(replace(english.parts, language=language, translates=english.version))
        self._ask_versions(template, language)

    def _of_newest_english(self, parts: TemplateParts) -> TemplateParts:
        """A translation that is gone over now belongs to the English of now, and has to be proofed for it."""
        english = self._find(parts.template_id, ENGLISH)
        if parts.language == ENGLISH or english is None or english.version == parts.translates:
            return parts
        return replace(parts, translates=english.version, proofed_by="")

    def begin_new(self) -> None:
        """A document of the organisation's own."""
        self._forget_look()
        self._row, self._wanted = None, ("", ENGLISH)
        self.versions.emit(())
        self._show(TemplateParts(template_id="", closing="Yours sincerely", body="Dear [[salutation]],\n\n"))

    def typed(self, parts: TemplateParts) -> None:
        """Something was typed: keep it, and what was looked at no longer counts."""
        self._parts = self._whole(parts)
        self.autosave.typed()
        self._forget_look()

    def look(self, parts: TemplateParts) -> None:
        """Check the text and draw its pages."""
        self._parts = self._whole(parts)
        self.problems.emit({})
        if not self._parts.template_id:
            self.problems.emit({"name": "Give the document a name to choose it by."})
            return
        self.busy.emit("Drawing the pages")
        letter_templates.template_text(
            self._context.runner, self._parts, on_done=self._have_text, on_failed=self._failed
        )

    def keep(self) -> None:
        """Keep what was looked at as the next version."""
        if self._text:
            self.busy.emit("Saving")
            letter_templates.write_template(
                self._context.runner, self._text, on_done=self._changed, on_failed=self._failed
            )

    def agree(self) -> None:
        """Agree to the version that waits."""
        if self._row is not None and self._row.waiting is not None:
            letter_templates.approve_template(
                self._context.runner, self._row.waiting, on_done=self._changed, on_failed=self._failed
            )

    def withdraw(self) -> None:
        """Use the organisation's own text no longer."""
        if self._row is not None and self._row.own is not None:
            letter_templates.withdraw_template(
                self._context.runner, self._row.own, on_done=self._changed, on_failed=self._failed
            )

    # ------------------------------------------------------------------ answers

    def _opened(self, page: TemplatesPage) -> None:
        self._page = page
        self.opened.emit(page)
        self.autosave.begin(DRAFT)
        if self._parts is None:
            drafts.load_draft(self._context.runner, DRAFT, on_done=self._have_draft, on_failed=self._failed)
        elif self._wanted[0]:
            self._row = self._find(*self._wanted)
            self.shown.emit(self._parts, self._row)
            self._ask_versions(*self._wanted)

    def _have_draft(self, draft: Any) -> None:
        if draft is None or self._parts is not None:
            return
        try:
            said = json.loads(draft.body)
            for name in ("audiences", "clauses"):
                said[name] = tuple(said[name])
            parts = TemplateParts(**said)
        except (ValueError, TypeError, KeyError):
            return
        self._wanted = (parts.template_id, parts.language)
        self._row = self._find(*self._wanted)
        self._show(parts)

    def _ask_versions(self, template: str, language: str) -> None:
        question = Question((template, language), self)
        question.answered.connect(self._have_versions)
        question.failed.connect(self._versions_failed)
        letter_templates.versions_of(
            self._context.runner, template, language, on_done=question.done, on_failed=question.fail
        )

    def _have_versions(self, mark: object, found: object) -> None:
        if mark == self._wanted:
            self.versions.emit(found)

    def _versions_failed(self, _mark: object, error: AppError) -> None:
        self._failed(error)

    def _have_text(self, text: str) -> None:
        question = Question(text, self)
        question.answered.connect(self._have_previews)
        question.failed.connect(self._versions_failed)
        self._text = text
        letter_templates.preview_template(
            self._context.runner, text, on_done=question.done, on_failed=question.fail
        )

    def _have_previews(self, text: str, found: object) -> None:
        self.busy.emit("")
        if text == self._text:
            self.previews.emit(found)

    def _changed(self, _kept: object) -> None:
        self.busy.emit("")
        self.autosave.throw_away()
        if self._parts is not None:
            self._wanted = (self._parts.template_id, self._parts.language)
        self._forget_look()
        letter_templates.open_templates(self._context.runner, on_done=self._reopened, on_failed=self._failed)

    def _reopened(self, page: TemplatesPage) -> None:
        self._page = page
        self.opened.emit(page)
        self.choose(*self._wanted)

    def _failed(self, error: AppError) -> None:
        self.busy.emit("")
        self._text = ""
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        elif isinstance(error, TemplateInvalid):
            self.problems.emit({"body": f"{error.explain().happened}"})
        else:
            self.failed.emit(error)

    # ------------------------------------------------------------------ inside

    def _find(self, template: str, language: str) -> ListedTemplate | None:
        rows = self._page.documents if self._page else ()
        return next((row for row in rows if (row.parts.template_id, row.language) == (template, language)), None)

    def _show(self, parts: TemplateParts) -> None:
        self._parts = parts
        self.shown.emit(parts, self._row)

    def _whole(self, parts: TemplateParts) -> TemplateParts:
        """What the page does not show comes from the text it began with."""
        before = self._parts or parts
        return replace(
            before, template_id=before.template_id if self._wanted[0] else id_from(parts.name), name=parts.name,
            when=parts.when, title=parts.title, closing=parts.closing, audiences=parts.audiences, body=parts.body,
            signed_off=parts.signed_off, proofed_by=parts.proofed_by,
        )  # fmt: skip

    def _forget_look(self) -> None:
        if self._text:
            self._text = ""
            self.previews.emit(())

    def _to_keep(self) -> str:
        return json.dumps(asdict(self._parts)) if self._parts is not None and self._parts.body.strip() else ""
