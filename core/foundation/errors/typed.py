"""What a person typed or brought in."""

from __future__ import annotations

from core.foundation.errors.family import ExpectedError, rebuild


class FormIncomplete(ExpectedError):
    """There is a problem with what was entered.

    Safe: Everything you typed is still here.
    Next: {problems}
    """

    code = "form-incomplete"

    def __init__(self, *, problems: dict[str, str]) -> None:
        super().__init__(problems=" ".join(problems.values()))
        self.problems = problems
        """Field name -> the sentence to show beside it."""

    def __reduce__(self) -> tuple[object, ...]:
        return rebuild, (type(self), {"problems": self.problems})


class ImportFileRejected(ExpectedError):
    """{path} cannot be read as a list of homes: {reason}.

    Safe: Nothing was imported, and the homes already here are unchanged.
    Next: {next_step}
    """

    code = "import-file-rejected"


class ListUnreadable(ExpectedError):
    """The bytes cannot be read as a list: {reason}.

    Safe: Nothing was imported.
    Next: {next_step}
    """

    code = "list-unreadable"

    def __init__(self, *, reason: str, next_step: str) -> None:
        super().__init__(reason=reason, next_step=next_step)
        self.reason = reason
        self.next_step = next_step


class RowNotTaken(ExpectedError):
    """{reason}

    Safe: The other rows are taken all the same.
    Next: Correct the row and bring the list in again.
    """

    code = "row-not-taken"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason
