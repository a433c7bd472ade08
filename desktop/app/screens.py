"""Every screen, once. Adding a screen is one line here; it is built on its first visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop.screens.context import ScreenContext

Factory: TypeAlias = "Callable[[ScreenContext], QWidget]"


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


def today(context: ScreenContext) -> QWidget:
    from desktop.screens.today.view import TodayPage

    return TodayPage(context)


def cases(context: ScreenContext) -> QWidget:
    from desktop.screens.cases.view import CasesPage

    return CasesPage(context)


def case(context: ScreenContext) -> QWidget:
    from desktop.screens.case.view import CasePage

    return CasePage(context)


def report(context: ScreenContext) -> QWidget:
    from desktop.screens.report.view import ReportPage

    return ReportPage(context)


def step(context: ScreenContext) -> QWidget:
    from desktop.screens.step.view import StepPage

    return StepPage(context)


def versions(context: ScreenContext) -> QWidget:
    from desktop.screens.versions.view import VersionsPage

    return VersionsPage(context)


def settings(context: ScreenContext) -> QWidget:
    from desktop.screens.settings.view import SettingsPage

    return SettingsPage(context)


def homes(context: ScreenContext) -> QWidget:
    from desktop.screens.homes.view import HomesPage

    return HomesPage(context)


def homes_import(context: ScreenContext) -> QWidget:
    from desktop.screens.homes.import_view import ImportHomesPage

    return ImportHomesPage(context)


def letters(context: ScreenContext) -> QWidget:
    from desktop.screens.letters.view import LettersPage

    return LettersPage(context)


def case_letter(context: ScreenContext) -> QWidget:
    from desktop.screens.case_letter.view import CaseLetterPageView

    return CaseLetterPageView(context)


def templates(context: ScreenContext) -> QWidget:
    from desktop.screens.templates.view import TemplatesPageView

    return TemplatesPageView(context)


def visits(context: ScreenContext) -> QWidget:
    from desktop.screens.visits.view import VisitsPage

    return VisitsPage(context)


def sync(context: ScreenContext) -> QWidget:
    from desktop.screens.sync.view import SyncPage

    return SyncPage(context)


def colleagues(context: ScreenContext) -> QWidget:
    from desktop.screens.colleagues.view import ColleaguesPage

    return ColleaguesPage(context)


def file(context: ScreenContext) -> QWidget:
    from desktop.screens.file.view import FilePage

    return FilePage(context)


def recovery(context: ScreenContext) -> QWidget:
    from desktop.screens.recovery.view import RecoveryPageView

    return RecoveryPageView(context)


def access(context: ScreenContext) -> QWidget:
    from desktop.screens.access.view import AccessPageView

    return AccessPageView(context)


def opened(context: ScreenContext) -> QWidget:
    from desktop.screens.opened.view import OpenedPage

    return OpenedPage(context)


def interviews(context: ScreenContext) -> QWidget:
    from desktop.screens.interviews.list_view import InterviewsPage

    return InterviewsPage(context)


def interview(context: ScreenContext) -> QWidget:
    from desktop.screens.interviews.view import InterviewPage

    return InterviewPage(context)


def colleague(context: ScreenContext) -> QWidget:
    from desktop.screens.leaving.colleague import ColleaguePage

    return ColleaguePage(context)


def help_page(context: ScreenContext) -> QWidget:
    from desktop.operations.help import Book
    from desktop.screens.help.view import HelpPage

    return HelpPage(Book(context.runner), context.shell.go_to)


def organisation(context: ScreenContext) -> QWidget:
    from desktop.screens.organisation.view import OrganisationPageView

    return OrganisationPageView(context)


def organisation_form(context: ScreenContext) -> QWidget:
    from desktop.screens.organisation.form_view import OrganisationFormPage

    return OrganisationFormPage(context)


def late(context: ScreenContext) -> QWidget:
    from desktop.screens.leaving.late import LatePage

    return LatePage(context)


def override(context: ScreenContext) -> QWidget:
    from desktop.screens.override.view import OverridePage

    return OverridePage(context)


def figures(context: ScreenContext) -> QWidget:
    from desktop.screens.figures.view import FiguresPage

    return FiguresPage(context)


def declare(context: ScreenContext) -> QWidget:
    from desktop.screens.declare.view import DeclarePageView

    return DeclarePageView(context)


def mirror(context: ScreenContext) -> QWidget:
    from desktop.screens.mirror.view import MirrorPage

    return MirrorPage(context)


SCREENS: tuple[Screen, ...] = (
    Screen(name="today", words="Today", icon="house", key="Ctrl+1", factory=today),
    Screen(name="cases", words="Cases", icon="folder", key="Ctrl+2", factory=cases),
    Screen(name="case", words="Case", icon="folder-open", factory=case, in_nav=False),
    Screen(name="report", words="New report", icon="plus", key="N", factory=report, in_nav=False, by_name=True),
    Screen(name="step", words="Add to file", icon="pencil", factory=step, in_nav=False),
    Screen(name="file", words="File", icon="paperclip", factory=file, in_nav=False),
    Screen(name="access", words="Who can read it", icon="users", factory=access, in_nav=False),
    Screen(name="declare", words="Before you open it", icon="users", factory=declare, in_nav=False),
    Screen(name="recovery", words="Recovery sheets", icon="copy", factory=recovery, in_nav=False, by_name=True),
    Screen(name="opened", words="Who has opened what", icon="eye", factory=opened, in_nav=False, by_name=True),
    Screen(
        name="interviews", words="Private interviews", icon="lock", key="I", keys_too=("Ctrl+I",), with_case=True,
        factory=interviews, in_nav=False, by_name=True,
    ),
    Screen(name="override", words="Let in somebody kept out", icon="users", factory=override, in_nav=False),
    Screen(name="interview", words="Private interview", icon="lock", factory=interview, in_nav=False),
    Screen(name="versions", words="Choose between versions", icon="copy", factory=versions, in_nav=False),
    Screen(
        name="homes-import", words="Bring in a list of homes", icon="upload", factory=homes_import, in_nav=False,
        by_name=True,
    ),
    Screen(name="letters", words="Letters", icon="mail", key="Ctrl+3", factory=letters),
    Screen(name="case-letter", words="Letter", icon="mail", factory=case_letter, in_nav=False),
    Screen(name="templates", words="Texts of letters", icon="file-text", factory=templates, in_nav=False, by_name=True),
    Screen(name="visits", words="Visits from door to door", icon="building-2", factory=visits, in_nav=False),
    Screen(name="homes", words="Homes", icon="building-2", key="Ctrl+4", factory=homes),
    Screen(name="sync", words="Sync", icon="refresh-cw", key="Ctrl+5", factory=sync),
    Screen(name="colleagues", words="Colleagues", icon="users", key="Ctrl+6", factory=colleagues),
    Screen(name="colleague", words="Colleague", icon="users", factory=colleague, in_nav=False),
    Screen(name="late", words="Late work", icon="users", factory=late, in_nav=False),
    Screen(name="mirror", words="Mirror", icon="list", key="Ctrl+7", factory=mirror),
    Screen(name="figures", words="Figures", icon="chart-column", key="Ctrl+8", factory=figures),
    Screen(name="organisation", words="Organisation", icon="file-text", key="Ctrl+9", factory=organisation),
    Screen(
        name="organisation-form", words="Organisation", icon="building-2", factory=organisation_form, in_nav=False
    ),
    Screen(name="help", words="Help", icon="circle-help", key="F1", factory=help_page, about_place=True),
    Screen(name="settings", words="Settings", icon="settings", key="Ctrl+,", factory=settings),
)
"""In the order of the navigation; the first is shown after unlocking."""
