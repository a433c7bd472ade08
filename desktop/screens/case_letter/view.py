"""A letter to one person: the questions beside the real pages; then the letter as it stands in the file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from core.domain.letters import CASE_LETTER_STATES, DELIVERY_OUTCOMES, PROOFS
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.case_letter_page import CaseLetterMade, CaseLetterPage, CaseLetterPlan, KeptLetter, Suggested
from core.services.letter_page import window_zones
from desktop.screens.case_letter.form_part import FormPart
from desktop.screens.case_letter.kept import Typed
from desktop.screens.case_letter.presenter import CaseLetterPresenter
from desktop.screens.context import ScreenContext
from desktop.screens.paths import PathKind, PathLine
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Field,
    Flow,
    Page,
    Tag,
    Text,
    Tone,
    announce,
    clear,
    column,
    styled,
)
from desktop.widgets.pdf import Overlay, PdfPreview

_STEPS = (
    ("letter-approve", "Agree to it", ("waiting",)),
    ("letter-deliver", "What became of it", ("made", "outsourced")),
    ("letter-outsource", "Somebody else makes it", ("ready", "made", "outsourced")),
    ("letter-proof", "Somebody has gone over it", ("ready", "made", "outsourced")),
    ("letter-cancel", "It does not go out", ("waiting", "ready", "made", "outsourced")),
)


class CaseLetterPageView(Page):
    """`arrive(case)` begins a letter, `arrive(case, subject=letter)` shows one of the file."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Letter", parent=parent)
        self.presenter = CaseLetterPresenter(context, self)
        self._tag = Tag("", Tone.CONFIDENTIAL)
        self.tags.add(self._tag)
        self._back = Button("To the file", "quiet", icon_name="folder-open")
        self.actions.add(self._back)
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self._problem)
        self.form = FormPart(context.clock.now)
        self.look = Button("Look at it", "primary", icon_name="eye")
        self.keep = Button("Put it in the file", "primary", icon_name="save")
        self._stands = Banner("", "", Tone.INFO)
        self._found = column(gap="small")
        self._kept = _KeptPart(self.presenter)
        left = styled(QWidget(), "clear")
        inner = column(left)
        inner.addWidget(self.form)
        inner.addWidget(self._kept)
        inner.addWidget(self._stands)
        inner.addLayout(self._found)
        inner.addWidget(Flow(self.look, self.keep))
        inner.addStretch(1)
        self._preview = PdfPreview(context.runner)
        self._envelope = ""
        self._legend = Text("Dashed: what shows in the window of the envelope, and where the sheet is folded.", "muted")
        self._pages = Card(Text("The real pages", "heading"), self._legend, self._preview)
        self.body.addWidget(Columns(left, self._pages, stretches=(1, 1), stack_below_em=100), 1)
        self._connect()
        self._writing(True)

    def arrive(self, case: RecordId, subject: RecordId | None = None) -> None:
        """Called each time the page is shown."""
        self._problem.clear()
        self._forget_plan()
        self._writing(subject is None)
        self.presenter.arrive(case, subject)

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.presenter.autosave.settle()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.form.document if self.form.isVisibleTo(self) else self._kept.first()

    # ------------------------------------------------------------------ inside

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.opened.connect(self._open)
        presenter.suggested.connect(self._suggest)
        presenter.restored.connect(self._restore)
        presenter.problems.connect(self._show_problems)
        presenter.planned.connect(self._show_plan)
        presenter.preview.connect(self._show_pages)
        presenter.kept.connect(self._show_kept)
        presenter.made.connect(self._kept.show_made)
        presenter.busy.connect(self._busy)
        presenter.failed.connect(self._failed)
        self.form.chosen.connect(self._chosen)
        self.form.edited.connect(self._edited)
        self.look.clicked.connect(self._look)
        self.keep.clicked.connect(presenter.keep)
        self._back.clicked.connect(presenter.to_file)

    def _writing(self, yes: bool) -> None:
        self.set_title("Letter to one person" if yes else "Letter")
        self.form.setVisible(yes)
        self.look.setVisible(yes)
        self._kept.setVisible(not yes)
        self._stands.clear()

    def _open(self, page: CaseLetterPage) -> None:
        self._tag.say(page.reference, Tone.CONFIDENTIAL)
        self.form.show_page(page)

    def _suggest(self, found: Suggested) -> None:
        self.form.show_suggested(found)

    def _restore(self, typed: Typed) -> None:
        self.form.show_typed(typed)
        self._stands.say("Here is what you had begun.", "It was kept on this laptop.", Tone.INFO)

    def _show_problems(self, problems: dict[str, str]) -> None:
        self.form.show_problems(problems)
        self._kept.show_problems(problems)

    def _show_plan(self, plan: CaseLetterPlan | None) -> None:
        self._forget_plan()
        if plan is None:
            return
        if plan.blocking:
            said = "Words in it could give somebody away. Take them out, or a second person must let it through."
            self._stands.say("This letter is stopped.", said, Tone.ERROR)
        elif plan.needs_second:
            self._stands.say("It can go into the file.", "A second person agrees to it before it is made.", Tone.INFO)
        else:
            self._stands.say("It can go into the file.", "Nothing in it gives anybody away.", Tone.OK)
        for leak in plan.blocking:
            self._found.addWidget(Banner(f"{leak.why}. Found: ‘{leak.found}’.", f"In: {leak.sentence}", Tone.ERROR))
        for leak in plan.seen:
            self._found.addWidget(Banner(f"{leak.why}. Found: ‘{leak.found}’.", f"In: {leak.sentence}", Tone.SOON))
        for caution in plan.cautions:
            self._found.addWidget(Banner("Please think about this.", caution, Tone.LATE))
        self.keep.set_words("Put it in the file, for a second person" if plan.needs_second else "Put it in the file")
        self.keep.show()
        self._legend.setVisible(bool(plan.letter.address_lines))
        self._envelope = plan.envelope
        announce(self, self._stands.accessibleName())

    def _forget_plan(self) -> None:
        clear(self._found)
        self._stands.clear()
        self.keep.hide()
        self._pages.hide()
        self._preview.clear()

    def _show_pages(self, pdf: bytes) -> None:
        self._draw(pdf, with_window=self._legend.isVisibleTo(self._pages))

    def _draw(self, pdf: bytes, *, with_window: bool) -> None:
        overlays = [
            Overlay(left_mm=one.left_mm, top_mm=one.top_mm, width_mm=one.width_mm, height_mm=one.height_mm, words="")
            for one in window_zones(self._envelope)
        ]
        self._pages.show()
        self._preview.show_pdf(pdf, "The pages of the letter", overlays=overlays if with_window else ())

    def _show_kept(self, kept: KeptLetter) -> None:
        self._forget_plan()
        self._writing(False)
        self._tag.say(kept.case_reference, Tone.CONFIDENTIAL)
        self._kept.show_letter(kept)
        in_envelope = kept.letter.words.count("\nto:\n- ") > 0
        self._legend.setVisible(in_envelope)
        self._envelope = kept.letter.envelope
        self._draw(kept.pdf, with_window=in_envelope)

    def _chosen(self) -> None:
        self.presenter.choose(self.form.typed())

    def _edited(self) -> None:
        self.presenter.typed(self.form.typed())

    def _look(self) -> None:
        self._problem.clear()
        self.presenter.look(self.form.typed())

    def _busy(self, what: str) -> None:
        for part in (self.look, self.keep, self._kept):
            part.setEnabled(not what)
        if what:
            announce(self, what)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)


class _KeptPart(QWidget):
    """A letter of the file: where it stands, what comes next, and its files."""

    def __init__(self, presenter: CaseLetterPresenter) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter = presenter
        self._stands = Banner("", "", Tone.INFO)
        self._facts = Text("", selectable=True)
        self._hits = column(gap="small")
        self.path = PathLine("Choose folder", PathKind.FOLDER, title="Choose where the letter goes")
        self._field = Field(
            "Where does the letter go?", self.path, hint="The file is not locked: print it or send it, then delete it."
        )
        self.make = Button("Make the letter", "primary", icon_name="printer")
        self._made = Text("", "muted", selectable=True)
        self._making = Card(self._field, Flow(self.make), self._made)
        self._steps = {key: _StepButton(key, words, presenter) for key, words, _ in _STEPS}
        layout = column(self)
        layout.addWidget(self._stands)
        layout.addWidget(Card(self._facts))
        layout.addLayout(self._hits)
        layout.addWidget(self._making)
        layout.addWidget(Flow(*self._steps.values()))
        self.path.set_text(str(Path.home() / "Letters"))
        self.make.clicked.connect(self._make)
        self.path.entered.connect(self._make)

    def first(self) -> QWidget:
        """Where the keyboard starts."""
        waiting = self._steps["letter-approve"]
        return waiting if waiting.isVisibleTo(self) else self.make

    def show_letter(self, kept: KeptLetter) -> None:
        """Where it stands."""
        one = kept.letter
        delivered = DELIVERY_OUTCOMES.get(one.delivery, "") if one.delivery else ""
        self._stands.say(delivered or CASE_LETTER_STATES.get(one.state, one.state), one.cancelled_because)
        lines = (
            one.name, f"To {one.addressee}" if one.addressee else "", f"Reference on it: {one.reference}",
            f"Version {one.template_version} of the text" + ("" if one.language == "en-GB" else f", {one.language}"),
            PROOFS.get(one.proof, "") if one.proof else "", f"Made by {one.outsourced_to}" if one.outsourced_to else "",
            f"Let through because: {one.override_reason}" if one.override_reason else "",
            f"Fingerprint of the words: {one.text_sha256.hex()[:16]}",
        )  # fmt: skip
        self._facts.setText("\n".join(line for line in lines if line))
        clear(self._hits)
        if one.state == "waiting":
            for hit in sorted(one.hits):
                self._hits.addWidget(Banner("Words that could give somebody away.", hit, Tone.ERROR))
        self._making.setVisible(one.state in ("ready", "made"))
        self.make.set_words("Make it again as it was" if one.state == "made" else "Make the letter")
        self._made.setVisible(bool(self._made.text()))
        for key, _, states in _STEPS:
            wanted = one.state in states and not (key == "letter-proof" and one.proof != "draft")
            self._steps[key].setVisible(wanted)

    def show_made(self, made: CaseLetterMade) -> None:
        """Where the files are."""
        folder = made.files[0].parent if made.files else None
        names = ", ".join(path.name for path in made.files)
        self._made.setText(f"{names} in {folder}" if folder else "")
        self._made.setVisible(bool(folder))

    def show_problems(self, problems: dict[str, str]) -> None:
        """What must be mended."""
        self._field.set_problem(problems.get("folder") or problems.get("letter", ""))

    def _make(self) -> None:
        self._presenter.make(self.path.text())


class _StepButton(Button):
    """Opens the page that records one thing about the letter."""

    def __init__(self, key: str, words: str, presenter: CaseLetterPresenter) -> None:
        super().__init__(words)
        self._key, self._presenter = key, presenter
        self.clicked.connect(self._go)

    def _go(self) -> None:
        self._presenter.step(self._key)
