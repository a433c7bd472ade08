"""The organisation's documents: read, write, look, agree."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services import template_book, template_page, typefaces
from core.services.template_page import TemplateParts
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def open_templates(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `TemplatesPage`."""
    return operation(runner, template_page.open_templates, {}, on_done=on_done, on_failed=on_failed)


def versions_of(runner: Runner, template: str, language: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `TemplateVersion`."""
    said = {"template": template, "language": language}
    return operation(runner, template_page.versions_of, said, on_done=on_done, on_failed=on_failed)


def template_text(runner: Runner, parts: TemplateParts, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with the text of the next version."""
    return operation(runner, template_page.template_text, {"parts": parts}, on_done=on_done, on_failed=on_failed)


def preview_template(runner: Runner, text: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `TemplatePreview`."""
    return operation(runner, template_page.preview_template, {"text": text}, on_done=on_done, on_failed=on_failed)


def write_template(runner: Runner, text: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `TemplateKept`."""
    return operation(runner, template_book.write_template, {"text": text}, on_done=on_done, on_failed=on_failed)


def approve_template(runner: Runner, record: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `TemplateKept`."""
    return operation(runner, template_book.approve_template, {"record": record}, on_done=on_done, on_failed=on_failed)


def withdraw_template(runner: Runner, record: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `TemplateKept`."""
    return operation(runner, template_book.withdraw_template, {"record": record}, on_done=on_done, on_failed=on_failed)


def formats_here(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `FormatsHere`."""
    return operation(runner, typefaces.formats_here, {}, on_done=on_done, on_failed=on_failed)


def bring_typeface(runner: Runner, place: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `FormatsHere`."""
    return operation(runner, typefaces.bring_typeface, {"place": place}, on_done=on_done, on_failed=on_failed)
