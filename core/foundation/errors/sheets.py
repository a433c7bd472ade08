"""Recovery sheets."""

from __future__ import annotations

from core.foundation.errors.family import ExpectedError


class SheetWordUnknown(ExpectedError):
    """Word {number} is not one of the words that are used on recovery sheets.

    Safe: Nothing has been changed.
    Next: Look at that word on the sheet. The first four letters are enough to choose it from the list.
    """

    code = "sheet-word-unknown"


class SheetIncomplete(ExpectedError):
    """There are {count} words, and this sheet has {expected}.

    Safe: Nothing has been changed.
    Next: Enter every numbered word of the sheet, in order.
    """

    code = "sheet-incomplete"


class SheetMistyped(ExpectedError):
    """The words are not as they were printed. {place}

    Safe: Nothing has been changed.
    Next: Compare them with the sheet, one number at a time.
    """

    code = "sheet-mistyped"


class SheetOfAnotherKind(ExpectedError):
    """These words are from another kind of sheet.

    Safe: Nothing has been changed.
    Next: Two share sheets and one organisation sheet are needed, each in its own place on the page.
    """

    code = "sheet-of-another-kind"


class SheetsDoNotBelong(ExpectedError):
    """These sheets do not belong together.

    Safe: Nothing has been changed.
    Next: Compare the name of the group, its edition and the date printed on them. Older sheets do not fit newer ones.
    """

    code = "sheets-do-not-belong"


class SheetsOpenNothing(ExpectedError):
    """No file in this folder belongs to these sheets.

    Safe: Nothing has been made, and the folder is as it was.
    Next: Choose the folder of your organisation, or another copy of it. The newest sheets need a newer copy.
    """

    code = "sheets-open-nothing"


class SheetGivenTwice(ExpectedError):
    """The same share sheet was entered twice.

    Safe: Nothing has been changed.
    Next: Enter the words of a second share sheet. Any two of the three will do.
    """

    code = "sheet-given-twice"
