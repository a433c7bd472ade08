"""The organisation's documents: the text beside the real pages of three telling households."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.services.letter_page import window_zones
from core.services.template_page import (
    AUDIENCES,
    ENGLISH,
    ListedTemplate,
    TemplateParts,
    TemplatePreview,
    TemplatesPage,
    TemplateVersion,
)
from desktop.screens.context import ScreenContext
from desktop.screens.templates.here import HereCard
from desktop.screens.templates.presenter import TemplatesPresenter
from desktop.theme.fonts import load_scripts
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
    Columns,
    ErrorSummary,
    Field,
    Flow,
    Form,
    Page,
    Select,
    Text,
    TextArea,
    TextBox,
    Tick,
    Tone,
    announce,
    column,
    styled,
)
from desktop.widgets.pdf import Overlay, PdfPreview

_TALL = 3.2


_MOST_NAMED = 5
"""So many damaged texts are named at once; where more are, something is wrong with the whole folder."""


class TemplatesPageView(Page):
    """Choose, change, look, keep; somebody else agrees."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Texts of letters", parent=parent)
        self.presenter = TemplatesPresenter(context, self)
        self._shell = context.shell
        self._previews: tuple[TemplatePreview, ...] = ()
        self._back = Button("All letters", "quiet", icon_name="list")
        self.actions.add(self._back)
        load_scripts()
        self._problem = Banner("", "", Tone.ERROR)
        self._damaged = Banner("", "", Tone.LATE)
        self._damaged.clear()
        for banner in (self._problem, self._damaged):
            self.pinned.addWidget(banner)
        self.text = TextPart()
        self._document, self._language = Select(empty="Not chosen", wide_em=30), Select(wide_em=16)
        self._new = Button("A new document")
        self._stands = Banner("", "", Tone.INFO)
        self.look, self.keep = Button("Look at it", "primary", icon_name="eye"), Button("Keep this version", "primary")
        self.agree, self.withdraw = Button("Agree to the version that waits"), Button("Use our own text no longer")
        self._versions = Text("", "muted")
        left = styled(QWidget(), "clear")
        inner = column(left)
        choose = Card(Field("Document", self._document), Field("Language", self._language), Flow(self._new))
        inner.addWidget(choose)
        inner.addWidget(self._stands)
        inner.addWidget(Flow(self.agree, self.withdraw))
        inner.addWidget(self.text)
        inner.addWidget(Flow(self.look, self.keep))
        inner.addWidget(self._versions)
        self.here = HereCard(context)
        inner.addWidget(self.here)
        inner.addStretch(1)
        self._which = Select(wide_em=24)
        self._which.setAccessibleName("Which household to look at")
        self._refused = Banner("", "", Tone.LATE)
        self._preview = PdfPreview(context.runner)
        self._pages = Card(
            Text("Three telling households", "heading"),
            Text("Dashed: what shows in the window of the envelope, and where the sheet is folded.", "muted"),
            self._which, self._refused, self._preview,
        )  # fmt: skip
        self.body.addWidget(Columns(left, self._pages, stretches=(1, 1), stack_below_em=100), 1)
        self._connect()
        self._show_previews(())
        for part in (self.text, self.look, self.agree, self.withdraw, self._versions):
            part.hide()

    def arrive(self) -> None:
        """Called each time the page is shown."""
        self._problem.clear()
        self.presenter.arrive()
        self.here.presenter.arrive()

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.presenter.autosave.settle()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._document

    # ------------------------------------------------------------------ inside

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.opened.connect(self._open)
        presenter.shown.connect(self._show)
        presenter.versions.connect(self._show_versions)
        presenter.previews.connect(self._show_previews)
        presenter.problems.connect(self.text.form.show_problems)
        presenter.busy.connect(self._busy)
        presenter.failed.connect(self._failed)
        self.text.edited.connect(self._edited)
        self._document.picked.connect(self._choose)
        self._language.picked.connect(self._choose)
        self._new.clicked.connect(presenter.begin_new)
        self.look.clicked.connect(self._look)
        self.keep.clicked.connect(presenter.keep)
        self.agree.clicked.connect(presenter.agree)
        self.withdraw.clicked.connect(presenter.withdraw)
        self._which.picked.connect(self._draw)
        self._back.clicked.connect(self._to_letters)

    def _open(self, page: TemplatesPage) -> None:
        names = {row.parts.template_id: row.parts.name for row in page.documents if row.language == ENGLISH}
        self._document.set_options(list(names.items()))
        self._language.set_options(list(page.languages))
        some = "1 text cannot" if len(page.damaged) == 1 else f"{len(page.damaged)} texts cannot"
        said = f"{some} be used. Every other document can." if page.damaged else ""
        self._damaged.say(said, " ".join(page.damaged[:_MOST_NAMED]) if page.damaged else "")
        self.text.offer(page)

    def _show(self, parts: TemplateParts, row: ListedTemplate | None) -> None:
        for part in (self.text, self.look):
            part.show()
        self._document.set_value(parts.template_id if row or parts.translates else None)
        self._language.set_value(parts.language)
        self.text.show_parts(parts)
        self.agree.setVisible(row is not None and row.waiting is not None and not row.waiting_is_mine)
        self.withdraw.setVisible(row is not None and row.own is not None)
        if row is not None:
            self._stands.say(f"{row.state}.", "", Tone.INFO)
        elif parts.translates:
            said = "It begins with the English words. A draft until somebody who reads the language has proofed it."
            self._stands.say("Not there in this language yet.", said, Tone.INFO)
        else:
            said = "It is used once somebody else has agreed to it."
            self._stands.say("A new document of your own.", said, Tone.INFO)

    def _show_versions(self, found: tuple[TemplateVersion, ...]) -> None:
        self._versions.setText("\n".join(one.words for one in found))
        self._versions.setVisible(bool(found))

    def _show_previews(self, previews: tuple[TemplatePreview, ...]) -> None:
        self._previews = previews
        self._pages.setVisible(bool(previews))
        self.keep.setVisible(bool(previews))
        self._which.set_options([(number, one.why) for number, one in enumerate(previews)])
        if previews:
            self._which.set_value(0)
            self._draw(0)
            announce(self, "Three pages to look at")
        else:
            self._preview.clear()

    def _draw(self, number: object) -> None:
        if not isinstance(number, int) or number >= len(self._previews):
            return
        shown = self._previews[number]
        self._refused.say(shown.problem, "A letter to this household would be refused." if shown.problem else "")
        self._preview.setVisible(bool(shown.pdf))
        if shown.pdf:
            overlays = [
                Overlay(
                    left_mm=one.left_mm, top_mm=one.top_mm, width_mm=one.width_mm, height_mm=one.height_mm, words=""
                )
                for one in window_zones(shown.envelope)
            ]
            self._preview.show_pdf(shown.pdf, f"Pages for: {shown.why}", overlays=overlays)

    def _choose(self) -> None:
        template, language = self._document.value(), self._language.value()
        if isinstance(template, str) and template:
            self.presenter.choose(template, language if isinstance(language, str) and language else ENGLISH)

    def _edited(self) -> None:
        self.presenter.typed(self.text.parts())

    def _look(self) -> None:
        self._problem.clear()
        self.presenter.look(self.text.parts())

    def _to_letters(self) -> None:
        self._shell.go_to("letters")

    def _busy(self, what: str) -> None:
        for part in (self.look, self.keep, self.agree, self.withdraw):
            part.setEnabled(not what)
        if what:
            announce(self, what)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)


class TextPart(QWidget):
    """The text in parts. `edited`: something was typed."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        styled(self, "clear")
        self._quiet = False
        self._parts = TemplateParts(template_id="")
        self.form = Form(ErrorSummary())
        self._name, self._when = TextBox(wide_em=30), TextBox(wide_em=40)
        self._title, self._closing = TextBox(wide_em=40), TextBox(wide_em=20)
        self._body = TextArea(lines=14, most_lines=40)
        self._audiences = ChoiceGroup(list(AUDIENCES.items()), many=True, flowing=True)
        self._proofed = TextBox(wide_em=30)
        self._second = Tick("A second person agrees before a letter is made")
        self._field = Select(empty="Choose what to put in", wide_em=30)
        self._put = Button("Put it in the text")
        card = Card()
        for name, field in (
            ("name", Field("Name to choose it by", self._name)),
            ("when", Field("When it is used", self._when, optional=True)),
            ("title", Field("Title, as printed", self._title)),
            ("body", Field(
                "Text", self._body,
                hint="# before a heading, - before a point, - [ ] before a box to tick, ** around bold. "
                "[[if field]] ... [[end]] around what is said only if it is known.",
            )),
        ):  # fmt: skip
            card.body.addWidget(self.form.add(name, field))
        card.body.addWidget(Field("What the case fills in", self._field))
        card.body.addWidget(Flow(self._put))
        card.body.addWidget(self.form.add("closing", Field("Closing words", self._closing)))
        card.body.addWidget(self.form.add("audiences", Field("Who reads it", self._audiences)))
        self._proof = Field(
            "Who proofed it", self._proofed, optional=True,
            hint="Somebody who reads the language and has gone over these very words. Until then it is a draft: "
            "letters say so, none may be sent, and areas get the English words.",
        )  # fmt: skip
        card.body.addWidget(self._proof)
        card.body.addWidget(self._second)
        layout = column(self)
        layout.addWidget(self.form.summary)
        layout.addWidget(card)
        for signal in (
            self._name.textEdited, self._when.textEdited, self._title.textEdited, self._closing.textEdited,
            self._body.textChanged, self._proofed.textEdited, self._second.clicked, self._audiences.picked,
        ):  # fmt: skip
            signal.connect(self._tell)
        self._put.clicked.connect(self._insert)
        self._body.textChanged.connect(self._unproof)
        self._title.textEdited.connect(self._unproof)

    def offer(self, page: TemplatesPage) -> None:
        """What a text may hold."""
        self._field.set_options([(name, f"{name}: {means}") for name, means in page.fields])

    def show_parts(self, parts: TemplateParts) -> None:
        """Show a text."""
        self._quiet = True
        self._parts = parts
        self._name.setText(parts.name)
        self._when.setText(parts.when)
        self._title.setText(parts.title)
        self._closing.setText(parts.closing)
        self._audiences.set_values(parts.audiences)
        self._proofed.setText(parts.proofed_by)
        self._proof.setVisible(parts.language != ENGLISH)
        for box in (self._title, self._closing):  # other scripts stand taller than the line of the window's typeface
            box.setMinimumHeight(0 if parts.language == ENGLISH else round(box.fontMetrics().height() * _TALL))
        self._second.setChecked(parts.signed_off)
        if self._body.text() != parts.body:
            self._body.setText(parts.body)
            self._body.moveCursor(QTextCursor.MoveOperation.Start)
        self.form.show_problems({})
        self._quiet = False

    def parts(self) -> TemplateParts:
        """The text as it stands."""
        return replace(
            self._parts, name=self._name.text().strip(), when=self._when.text().strip(),
            title=self._title.text().strip(), closing=self._closing.text().strip(), body=self._body.text(),
            audiences=tuple(str(value) for value in self._audiences.values()), signed_off=self._second.isChecked(),
            proofed_by=self._proofed.text().strip() if self._parts.language != ENGLISH else "",
        )  # fmt: skip

    def _insert(self) -> None:
        name = self._field.value()
        if isinstance(name, str) and name:
            self._body.insertPlainText(f"[[{name}]]")
            self._body.setFocus()

    def _unproof(self) -> None:
        """Who proofed the words before they were changed has not proofed these."""
        if not self._quiet and self._proofed.text() and self._proofed.text() == self._parts.proofed_by:
            self._proofed.clear()

    def _tell(self) -> None:
        if not self._quiet:
            self.edited.emit()
