"""Every screen, once. Adding a screen is one line here; it is built on its first visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop.screens.context import ScreenContext

Factory: TypeAlias = "Callable[[ScreenContext], QWidget]"


@dataclass(frozen=True, slots=True)
class Built:
    """Makes a page whose module is loaded when it is first wanted, or beforehand (`warming.py`)."""

    place: str
    """Under `desktop.screens`."""
    page: str

    @property
    def module(self) -> str:
        return f"desktop.screens.{self.place}"

    def __call__(self, context: ScreenContext) -> QWidget:
        page: QWidget = getattr(import_module(self.module), self.page)(context)
        return page


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """`name` is what `go_to` takes. `key` is shown in the navigation and works everywhere."""

    name: str
    words: str
    factory: Factory
    icon: str = "list"
    key: str = ""
    in_nav: bool = True
    keys_too: tuple[str, ...] = ()
    """More keys that work everywhere, in boxes too."""
    with_case: bool = False
    """By key it opens with the case that was on show last."""
    about_place: bool = False
    """By key it is told which screen was on show."""
    by_name: bool = False
    """It is not in the navigation, but opens by its name alone in the switcher."""


def help_page(context: ScreenContext) -> QWidget:
    from desktop.operations.help import Book
    from desktop.screens.help.view import HelpPage

    return HelpPage(Book(context.runner), context.shell.go_to)


SCREENS: tuple[Screen, ...] = (
    Screen(name="today", words="Today", icon="house", key="Ctrl+1", factory=Built("today.view", "TodayPage")),
    Screen(name="cases", words="Cases", icon="folder", key="Ctrl+2", factory=Built("cases.view", "CasesPage")),
    Screen(name="case", words="Case", icon="folder-open", factory=Built("case.view", "CasePage"), in_nav=False),
    Screen(
        name="report",
        words="New report",
        icon="plus",
        key="N",
        factory=Built("report.view", "ReportPage"),
        in_nav=False,
        by_name=True,
    ),
    Screen(name="step", words="Add to file", icon="pencil", factory=Built("step.view", "StepPage"), in_nav=False),
    Screen(name="file", words="File", icon="paperclip", factory=Built("file.view", "FilePage"), in_nav=False),
    Screen(
        name="access",
        words="Who can read it",
        icon="users",
        factory=Built("access.view", "AccessPageView"),
        in_nav=False,
    ),
    Screen(
        name="declare",
        words="Before you open it",
        icon="users",
        factory=Built("declare.view", "DeclarePageView"),
        in_nav=False,
    ),
    Screen(
        name="recovery",
        words="Recovery sheets",
        icon="copy",
        factory=Built("recovery.view", "RecoveryPageView"),
        in_nav=False,
        by_name=True,
    ),
    Screen(
        name="opened",
        words="Who has opened what",
        icon="eye",
        factory=Built("opened.view", "OpenedPage"),
        in_nav=False,
        by_name=True,
    ),
    Screen(
        name="interviews",
        words="Private interviews",
        icon="lock",
        key="I",
        keys_too=("Ctrl+I",),
        with_case=True,
        factory=Built("interviews.list_view", "InterviewsPage"),
        in_nav=False,
        by_name=True,
    ),
    Screen(
        name="override",
        words="Let in somebody kept out",
        icon="users",
        factory=Built("override.view", "OverridePage"),
        in_nav=False,
    ),
    Screen(
        name="interview",
        words="Private interview",
        icon="lock",
        factory=Built("interviews.view", "InterviewPage"),
        in_nav=False,
    ),
    Screen(
        name="versions",
        words="Choose between versions",
        icon="copy",
        factory=Built("versions.view", "VersionsPage"),
        in_nav=False,
    ),
    Screen(
        name="homes-import",
        words="Bring in a list of homes",
        icon="upload",
        factory=Built("homes.import_view", "ImportHomesPage"),
        in_nav=False,
        by_name=True,
    ),
    Screen(name="letters", words="Letters", icon="mail", key="Ctrl+3", factory=Built("letters.view", "LettersPage")),
    Screen(
        name="case-letter",
        words="Letter",
        icon="mail",
        factory=Built("case_letter.view", "CaseLetterPageView"),
        in_nav=False,
    ),
    Screen(
        name="templates",
        words="Texts of letters",
        icon="file-text",
        factory=Built("templates.view", "TemplatesPageView"),
        in_nav=False,
        by_name=True,
    ),
    Screen(
        name="visits",
        words="Visits from door to door",
        icon="building-2",
        factory=Built("visits.view", "VisitsPage"),
        in_nav=False,
    ),
    Screen(name="homes", words="Homes", icon="building-2", key="Ctrl+4", factory=Built("homes.view", "HomesPage")),
    Screen(name="sync", words="Sync", icon="refresh-cw", key="Ctrl+5", factory=Built("sync.view", "SyncPage")),
    Screen(
        name="colleagues",
        words="Colleagues",
        icon="users",
        key="Ctrl+6",
        factory=Built("colleagues.view", "ColleaguesPage"),
    ),
    Screen(
        name="colleague",
        words="Colleague",
        icon="users",
        factory=Built("leaving.colleague", "ColleaguePage"),
        in_nav=False,
    ),
    Screen(name="late", words="Late work", icon="users", factory=Built("leaving.late", "LatePage"), in_nav=False),
    Screen(name="mirror", words="Mirror", icon="list", key="Ctrl+7", factory=Built("mirror.view", "MirrorPage")),
    Screen(
        name="figures", words="Figures", icon="chart-column", key="Ctrl+8", factory=Built("figures.view", "FiguresPage")
    ),
    Screen(
        name="organisation",
        words="Organisation",
        icon="file-text",
        key="Ctrl+9",
        factory=Built("organisation.view", "OrganisationPageView"),
    ),
    Screen(
        name="organisation-form",
        words="Organisation",
        icon="building-2",
        factory=Built("organisation.form_view", "OrganisationFormPage"),
        in_nav=False,
    ),
    Screen(name="help", words="Help", icon="circle-help", key="F1", factory=help_page, about_place=True),
    Screen(
        name="settings", words="Settings", icon="settings", key="Ctrl+,", factory=Built("settings.view", "SettingsPage")
    ),
)
"""In the order of the navigation; the first is shown after unlocking."""
