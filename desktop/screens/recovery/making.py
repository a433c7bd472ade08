"""Making recovery sheets: who keeps them, saving and printing them, reading two of them back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.ids import UserId
from core.services.organisation import MemberRow
from core.services.recovery_groups import DEFAULT_HOLDERS, DEFAULT_NAME, GroupForm, GroupRow, HolderForm, PreparedGroup
from desktop.operations.recovery import Sheets
from desktop.screens.paths import PathKind, PathLine
from desktop.screens.recovery.sheet_box import SheetBox
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ErrorSummary,
    Field,
    Flow,
    Form,
    Select,
    Text,
    TextBox,
    Tone,
    clear,
    column,
    rule,
    styled,
)

DANGER = (
    "Whoever has two of the three sheets and the organisation sheet can read every case of the group, without anybody"
    " noticing, and can make themselves an administrator, which everybody notices. Choose people who would not do it"
    " together."
)
OUTSIDE = "Somebody outside the organisation"


class HolderPart(QWidget):
    """Who keeps one sheet: a colleague from the list, or a name."""

    def __init__(self, number: int, form: Form, usual: str) -> None:
        super().__init__()
        styled(self, "clear")
        self.who = Select(wide_em=30)
        self.name = TextBox(usual, wide_em=36)
        layout = column(self, gap="small")
        layout.addWidget(form.add(f"holder_{number}", Field(f"Who keeps sheet {number}? ({usual})", self.who)))
        self._named = Field(f"Name of who keeps sheet {number}", self.name)
        layout.addWidget(self._named)
        self.who.picked.connect(self._picked)

    def show_members(self, members: Sequence[MemberRow], kept: HolderForm | None) -> None:
        """Offer the colleagues there are; `kept`: who keeps the sheet now."""
        self._names = {bytes(row.user): row.name for row in members}
        self.who.set_options([(b"", OUTSIDE), *((bytes(row.user), row.name) for row in members)])
        self.who.set_value(bytes(kept.user) if kept is not None and kept.user else b"")
        self.name.setText(kept.name if kept is not None and not kept.user else "")
        self._picked()

    def holder(self) -> HolderForm:
        """Who was chosen."""
        user = self.who.value()
        if isinstance(user, bytes) and user:
            return HolderForm(self._names[user], UserId(user))
        return HolderForm(self.name.text().strip())

    def _picked(self, _value: object = None) -> None:
        self._named.setVisible(self.who.value() == b"")


class MakeCard(Card):
    """Asks for the group's name and the three holders."""

    made = Signal(object)
    """`GroupForm`."""

    def __init__(self) -> None:
        super().__init__(heading="Make recovery sheets")
        self.form = Form(ErrorSummary())
        self._group: bytes | None = None
        self.name = TextBox(wide_em=36)
        self.holders = tuple(HolderPart(number, self.form, usual) for number, usual in enumerate(DEFAULT_HOLDERS, 1))
        self.go = Button("Make the sheets", "primary")
        self.back = Button("Back", "quiet", icon_name="arrow-left")
        hint = "A case that concerns somebody who keeps a sheet uses another group."
        add = self.body.addWidget
        add(self.form.summary)
        add(Banner("Two sheets open everything.", DANGER, Tone.LATE))
        add(self.form.add("name", Field("Name of the group", self.name, hint=hint)))
        for part in self.holders:
            add(part)
        add(Flow(self.go, self.back))
        self.go.clicked.connect(self._make)

    def begin(self, members: Sequence[MemberRow], group: GroupRow | None) -> None:
        """A new group, or new holders of `group`."""
        self._group = group.group if group is not None else None
        self.name.setText(group.name if group is not None else DEFAULT_NAME)
        for place, part in enumerate(self.holders):
            kept = group.holders[place] if group is not None else None
            part.show_members(members, HolderForm(kept.name, kept.user) if kept is not None else None)

    def _make(self) -> None:
        first, second, third = (part.holder() for part in self.holders)
        self.made.emit(GroupForm(self.name.text(), (first, second, third), self._group))


class SheetsCard(Card):
    """The four sheets, to be saved, printed and handed over."""

    def __init__(self) -> None:
        super().__init__(heading="Print the sheets")
        self.form = Form(ErrorSummary())
        self._list = column(gap="small")
        self.folder = PathLine("Choose folder", PathKind.FOLDER, title="Choose where the sheets go")
        self.save = Button("Save the four sheets", icon_name="download")
        self.printed = Button("They are printed: try them out", "primary", icon_name="check")
        self.back = Button("Throw them away", "quiet")
        hint = "The files hold the words. Print each once, hand it over against signature, and delete the files."
        add = self.body.addWidget
        add(self.form.summary)
        add(Text("The key is forgotten already: it is on these four sheets and nowhere else.", "strong"))
        self.body.addLayout(self._list)
        add(self.form.add("folder", Field("Where do the files go?", self.folder, hint=hint)))
        add(Flow(self.save))
        add(rule())
        add(Text("Until two of them were read back, the sheets open nothing, and nothing is lost if you stop here."))
        add(Flow(self.printed, self.back))

    def show_sheets(self, prepared: PreparedGroup) -> None:
        """Which sheet is for whom."""
        clear(self._list)
        for sheet in prepared.sheets:
            self._list.addWidget(Text(f"{sheet.title}: {sheet.keeper}"))


class TryCard(Card):
    """Any two share sheets and the organisation sheet, typed or photographed."""

    tried = Signal(object)
    """`Sheets`."""
    file_chosen = Signal(object, object)

    def __init__(self, heading: str = "Try the sheets out", go: str = "Try them out") -> None:
        super().__init__(heading=heading)
        self._lead = Text("", "muted")
        self.first, self.second = SheetBox(), SheetBox()
        self.organisation = SheetBox(organisation=True)
        self.go = Button(go, "primary", icon_name="check")
        self.back = Button("Back", "quiet", icon_name="arrow-left")
        hint = "33 numbered words, or a picture of the square code. Any two of the three sheets will do."
        add = self.body.addWidget
        add(self._lead)
        add(Field("One recovery sheet", self.first, hint=hint))
        add(Field("Another recovery sheet", self.second))
        add(Field("The organisation sheet", self.organisation, hint="34 numbered words."))
        add(Flow(self.go, self.back))
        self.go.clicked.connect(self._try)
        for box in self.boxes:
            box.file_chosen.connect(self.file_chosen)

    @property
    def boxes(self) -> tuple[SheetBox, SheetBox, SheetBox]:
        """The three boxes in order."""
        return self.first, self.second, self.organisation

    def begin(self, which: str) -> None:
        """Ask for the sheets of `which`."""
        self._lead.setText(f"{which}. Read them from the paper, as if every laptop were lost.")
        self.forget()
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """No word stays on the screen."""
        for box in self.boxes:
            box.forget()

    def sheets(self) -> Sheets:
        """What was typed."""
        first, second, organisation = (box.text() for box in self.boxes)
        return first, second, organisation

    def show_words(self, box: QObject, words: str) -> None:
        """What was found in a picture."""
        for known in self.boxes:
            if known is box:
                known.set_text(words)

    def _try(self) -> None:
        self.tried.emit(self.sheets())
