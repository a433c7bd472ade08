"""Before anything of a case is shown: whether this person has said that they have nothing to do with it (policy 4.31).

Every page that opens with a case passes here, so no page has to ask by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from core.domain.access import ConflictDeclaration
from core.domain.changed import Changed
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.declarations import DeclarationPage
from desktop.operations import declarations
from desktop.operations.base import Runner
from desktop.screens.asking import Question

Show = Callable[[str, dict[str, object]], None]

OPEN = frozenset({"declare", "access"})
"""Where one says it, and where whoever is connected and leads hands over. Nothing of what happened stands there."""


class Gate(QObject):
    """Whoever passed once is not asked again until somebody says something about a connection.

    Where the question comes first, the page that was wanted is kept in mind: whoever answers that they are not
    connected comes to it, and not only to the case. Going anywhere else, or an answer that shuts the case, forgets it.
    """

    def __init__(self, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._passed: set[bytes] = set()
        self._waiting: tuple[str, dict[str, object], Show] | None = None
        self._wish: tuple[str, dict[str, object]] | None = None
        """What was wanted when the question came up."""

    def open(self, name: str, arguments: dict[str, object], show: Show) -> None:
        """Show a page; first the question, if it is about a case that is still shut. The latest wish counts."""
        case = arguments.get("case")
        self._waiting = None
        if self._wish is not None and (name, case) != ("case", self._wish[1]["case"]):
            self._wish = None
        if not isinstance(case, bytes) or name in OPEN or case in self._passed:
            show(name, arguments)
            return
        self._waiting = (name, arguments, show)
        question = Question(self._waiting, self)
        question.answered.connect(self._have)
        question.failed.connect(self._could_not)
        declarations.declaration_of(self._runner, RecordId(case), on_done=question.done, on_failed=question.fail)

    def hear(self, changed: Changed) -> None:
        """Somebody said something: ask again."""
        if ConflictDeclaration.SPEC.name in changed.kinds:
            self._passed.clear()

    def _have(self, asked: object, page: DeclarationPage) -> None:
        if asked is not self._waiting or self._waiting is None:
            return
        name, arguments, show = self._waiting
        self._waiting = None
        wish, self._wish = self._wish, None
        if page.shut:
            self._wish = None if page.connected else (name, arguments)
            show("declare", {"case": page.case})
            return
        self._passed.add(page.case)
        show(*(wish or (name, arguments)))

    def _could_not(self, asked: object, error: AppError) -> None:
        """Such as a case that is no longer here: the page itself says what is the matter."""
        del error
        if asked is self._waiting and self._waiting is not None:
            (name, arguments, show), self._waiting = self._waiting, None
            show(name, arguments)
