"""The part of the Sync page where the place of exchange is chosen: a folder, an object store, WebDAV."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.services.place import FolderPlace, ObjectStorePlace, Place, WebDavPlace
from desktop.screens.context import ScreenContext
from desktop.screens.paths import PathKind, PathLine
from desktop.screens.sync.place_presenter import PlacePresenter
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
    ErrorSummary,
    Field,
    Flow,
    Form,
    PassphraseBox,
    Text,
    TextBox,
    Tone,
    announce,
    clear,
    column,
    styled,
)

FOLDER, S3, WEBDAV = "folder", "s3", "webdav"
KINDS = ((FOLDER, "A folder"), (S3, "An object store (S3)"), (WEBDAV, "WebDAV"))
KEPT = "Leave it empty to keep the one this workbook has."
MOVING = (
    "If you move to another place, everything this laptop holds is put there too, sealed as it is. Tell your "
    "colleagues: each of them chooses the new place on their own laptop."
)


class PlaceCard(Card):
    """Which kind of place, its fields, one button to use it and one to try it."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="Where you exchange", parent=parent)
        self.presenter = presenter = PlacePresenter(context, self)
        self._kept: Place | None = None
        self._form = form = Form(ErrorSummary())
        self.kind = ChoiceGroup(KINDS, flowing=True)
        self.path = PathLine("Choose folder", PathKind.FOLDER, title="Choose the shared folder")
        self.endpoint, self.bucket, self.prefix = TextBox(wide_em=46), TextBox(wide_em=30), TextBox(wide_em=30)
        self.key_id, self.secret, self.region = TextBox(wide_em=30), PassphraseBox(wide_em=36), TextBox(wide_em=16)
        self.address, self.user = TextBox(wide_em=46), TextBox(wide_em=30)
        self.password = PassphraseBox(wide_em=36)
        self._parts = {FOLDER: self._folder_part(), S3: self._store_part(), WEBDAV: self._webdav_part()}
        self.use, self.attempt = Button("Use this folder"), Button("Try it")
        self.show_code = Button("Show the code for a colleague")
        self.copy_code = Button("Copy", icon_name="copy")
        self._code = Text("", "large", selectable=True)
        self._code_lead = Text(
            "Your colleague pastes it where the program asks for the shared folder. It holds the key to the store, "
            "though nobody can read a file with it: give it only to colleagues."
        )
        self._busy = Banner("", "", Tone.INFO, icon_name="clock")
        self._told = Banner("", "")
        self._steps = column(gap="tight")
        self.body.addWidget(form.summary)
        for part in (
            Field("Through what does your organisation exchange?", self.kind), *self._parts.values(),
            Text(MOVING, "muted"), self._busy, self._told,
        ):  # fmt: skip
            self.body.addWidget(part)
        self.body.addLayout(self._steps)
        self.body.addWidget(Flow(self.use, self.attempt, self.show_code))
        for part in (self._code_lead, self._code, Flow(self.copy_code)):
            self.body.addWidget(part)
        self._hide_code()
        self._busy.clear()
        self._told.clear()
        self.kind.set_value(FOLDER)
        self._show_kind()
        self._connect(presenter)

    @property
    def first(self) -> QWidget:
        """Where the keyboard starts as long as nothing is chosen."""
        return self.path.box

    @property
    def is_chosen(self) -> bool:
        """Whether there is a place."""
        return self._kept is not None

    def typed(self) -> Place:
        """What stands in the fields."""
        match self.kind.value():
            case "s3":
                return ObjectStorePlace(
                    self.endpoint.text(), self.bucket.text(), self.prefix.text(), self.key_id.text(),
                    self.secret.text(), self.region.text(),
                )  # fmt: skip
            case "webdav":
                return WebDavPlace(self.address.text(), self.user.text(), self.password.text())
        text = self.path.text()
        return FolderPlace(Path(text).expanduser() if text else Path())

    def set_usable(self, usable: bool) -> None:
        """Whether another place can be chosen now."""
        for widget in (self.use, self.attempt, self.kind, *self._parts.values()):
            widget.setEnabled(usable)

    # ------------------------------------------------------------------ parts

    def _folder_part(self) -> QWidget:
        hint = "A network drive, a synced folder or a USB stick. Only colleagues can read what is in it."
        field = Field("Which folder does your organisation share?", self.path, hint=hint)
        return _together(self._form.add("folder", field))

    def _store_part(self) -> QWidget:
        add = self._form.add
        return _together(
            add("endpoint", Field("Address", self.endpoint, hint="For example: https://s3.example.org")),
            add("bucket", Field("Bucket", self.bucket)),
            add("prefix", Field("Part of the bucket", self.prefix, optional=True)),
            add("key_id", Field("Name of the key", self.key_id)),
            add("secret", Field("Secret of the key", self.secret)),
            add("region", Field("Region", self.region, optional=True)),
        )

    def _webdav_part(self) -> QWidget:
        add = self._form.add
        hint = "For example: https://files.example.org/casework"
        return _together(
            add("address", Field("Address of the folder", self.address, hint=hint)),
            add("user", Field("Name to sign in with", self.user)),
            add("password", Field("Password", self.password)),
        )

    def _connect(self, presenter: PlacePresenter) -> None:
        self.kind.picked.connect(self._show_kind)
        self.use.clicked.connect(self._use)
        self.attempt.clicked.connect(self._try)
        self.path.entered.connect(self._use)
        self.path.chosen.connect(self._use)
        self.show_code.clicked.connect(presenter.ask_code)
        self.copy_code.clicked.connect(self._copy_code)
        presenter.shown.connect(self._show)
        presenter.problems.connect(self._form.show_problems)
        presenter.busy.connect(self._is_busy)
        presenter.told.connect(self._tell)
        presenter.tried.connect(self._show_steps)
        presenter.code.connect(self._show_code)

    # ------------------------------------------------------------------ doing

    def _use(self) -> None:
        self.presenter.use(self.typed())

    def _try(self) -> None:
        self.presenter.try_it(self.typed())

    def _show_kind(self) -> None:
        kind = self.kind.value()
        for each, part in self._parts.items():
            part.setVisible(each == kind)
        self.use.set_words("Use this folder" if kind == FOLDER else "Use this store")
        self._form.show_problems({})
        self._show_steps(())
        self._told.clear()

    def _show(self, place: Place | None) -> None:
        """The place kept. What somebody is typing is left alone."""
        changed = place != self._kept
        self._kept = place
        self.show_code.setVisible(place is not None and not isinstance(place, FolderPlace))
        if changed:
            self._fill(place)
            self._hide_code()
        for name, kind in (("secret", ObjectStorePlace), ("password", WebDavPlace)):
            self._form[name].set_hint(KEPT if isinstance(place, kind) else "")

    def _fill(self, place: Place | None) -> None:
        match place:
            case FolderPlace(folder):
                self.kind.set_value(FOLDER)
                self.path.set_text(str(folder))
            case ObjectStorePlace():
                self.kind.set_value(S3)
                for box, text in (
                    (self.endpoint, place.endpoint), (self.bucket, place.bucket), (self.prefix, place.prefix),
                    (self.key_id, place.key_id), (self.region, place.region), (self.secret, ""),
                ):  # fmt: skip
                    box.setText(text)
            case WebDavPlace():
                self.kind.set_value(WEBDAV)
                for box, text in ((self.address, place.address), (self.user, place.user), (self.password, "")):
                    box.setText(text)
        self._show_kind()

    def _is_busy(self, what: str) -> None:
        self._busy.say(f"{what}." if what else "")
        self.set_usable(not what)
        if what:
            announce(self, what)

    def _tell(self, strong: str, rest: str, good: bool) -> None:
        self._told.say(strong, rest, Tone.OK if good else Tone.ERROR)
        if strong:
            announce(self, f"{strong} {rest}", urgent=not good)

    def _show_steps(self, steps: tuple[tuple[bool, str], ...]) -> None:
        clear(self._steps)
        for works, sentence in steps:
            self._steps.addWidget(Text(sentence if works else f"Does not work: {sentence}", "" if works else "problem"))

    def _show_code(self, code: str) -> None:
        self._code.setText(code)
        for widget in (self._code_lead, self._code, self.copy_code):
            widget.show()
        self.copy_code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide_code(self) -> None:
        self._code.setText("")
        for widget in (self._code_lead, self._code, self.copy_code):
            widget.hide()

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self._code.text())
        self._tell("Copied.", "Paste it into the message to your colleague.", True)


def _together(*fields: Field) -> QWidget:
    part = QWidget()
    styled(part, "clear")
    layout = column(part, gap="medium")
    for field in fields:
        layout.addWidget(field)
    return part
