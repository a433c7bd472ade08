"""A letter as plain text: for e-mail, a screen reader, or a text-only copy."""

from __future__ import annotations

from core.letters.model import Blanks, Boxes, Bullets, Drawing, Heading, Layout, Letter, Paragraph


def plain_text(letter: Letter) -> str:
    """The whole letter in reading order, paragraphs parted by an empty line, ending in a newline.

    Headings stand on lines of their own, bullets begin with `- `, boxes to tick with `[ ] `; nothing else marks
    anything up.
    """
    parts = [letter.stamp, "\n".join((letter.letterhead.name, *letter.letterhead.contact_lines))]
    parts.append("\n".join(letter.address_lines))
    parts.append("\n".join(filter(None, (letter.date_text, letter.reference_text))))
    if letter.layout is not Layout.LETTER:
        parts.append(letter.title)
    for number, block in enumerate(letter.blocks):
        match block:
            case Heading(text):
                parts.append(text)
            case Paragraph():
                parts.append(block.plain)
            case Bullets(items):
                parts.append("\n".join("- " + "".join(run.text for run in item) for item in items))
            case Boxes(items):
                parts.append("\n".join("[ ] " + "".join(run.text for run in item) for item in items))
            case Blanks(count):
                parts.append("\n".join(["_" * 40] * count))
            case Drawing():
                parts.append(f"({block.plain})")
        if number == 0 and letter.layout is Layout.LETTER:
            parts.append(letter.title)
    parts += ["\n".join(letter.closing), letter.footer]
    return "\n\n".join(part for part in parts if part) + "\n"
