"""Letters."""

from __future__ import annotations

from core.foundation.errors.family import ExpectedError


class LetterBlocked(ExpectedError):
    """This letter could give somebody away: {reason}.

    Safe: It was not made.
    Next: Take out the words shown, then check again.
    """

    code = "letter-blocked"


class NotAgreedYet(ExpectedError):
    """A second person has not agreed to these letters yet.

    Safe: Nothing was made, and nothing has gone out.
    Next: Ask a colleague who reads the case to open them under Letters and agree.
    """

    code = "not-agreed-yet"


class TemplateInvalid(ExpectedError):
    """The template cannot be used: {reason}.

    Safe: Nothing was sent, and the text is unchanged.
    Next: Correct it and save again.
    """

    code = "template-invalid"


class GlyphsMissing(ExpectedError):
    """The typeface has no picture for {characters}, so those letters would be missing.

    Safe: The letter was not made, and no others were stopped.
    Next: Correct the name or address, or record that this letter will be done by hand.
    """

    code = "glyphs-missing"


class TextDoesNotFit(ExpectedError):
    """The {part} does not fit on the page.

    Safe: The letter was not made, and no others were stopped.
    Next: Shorten it and try again.
    """

    code = "text-does-not-fit"


class FontPackUnknown(ExpectedError):
    """These are not the files of the Chinese typeface: {missing} is not among them.

    Safe: Nothing was copied, and letters in other languages are as they were.
    Next: Choose the folder with NotoSansSC-Regular.ttf and NotoSansSC-Bold.ttf, TrueType and not OTF or variable.
    """

    code = "font-pack-unknown"
