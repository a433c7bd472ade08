"""The documents an organisation uses: those that come with the program, and its own in their place.

A version that was agreed to is never changed, only followed by the next. A translation belongs to one English version;
once there is a newer one it is stale, and is not used until somebody has gone over it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.domain.changed import Changed
from core.domain.letters import LetterTemplate
from core.foundation.errors import BugError, NotAllowed, NotFound, TemplateInvalid
from core.foundation.ids import RecordId
from core.letters.template_shelf import Damaged, Shelf, read_shelf, why_not_as_english, why_not_its_language
from core.letters.templates import Template, load_template, parse_template
from core.services.forms import Problems
from core.services.resources import resources_folder
from core.services.roster import roster_in
from core.services.workspace import Workspace
from core.store.store import table_of
from core.sync.engine.roster import WRITING_ROLES

ENGLISH = "en-GB"


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One document in one language, as a list shows it. `own`: the record, if the text is the organisation's.

    `waiting`: a newer version that nobody else has agreed to yet. `stale`: the English text it translates has changed.
    """

    template: Template
    own: LetterTemplate | None
    waiting: LetterTemplate | None
    stale: bool

    @property
    def can_be_used(self) -> bool:
        """Whether letters may be made from it."""
        return not self.stale


@dataclass(frozen=True, slots=True)
class TemplateKept:
    """The version that was written down, or agreed to."""

    record: RecordId
    version: int
    changed: Changed


@functools.cache
def _shelf(only: str = "") -> Shelf:
    """What comes with the program. `only` one document: whoever writes one letter need not read all the others."""
    return read_shelf(_folder(), only=only)


def shipped() -> tuple[Template, ...]:
    """Every document that comes with the program and can be used."""
    return _shelf().templates


def damaged_texts(workspace: Workspace) -> tuple[str, ...]:
    """Texts that cannot be used, each as a sentence with its document, language and line. No other is stopped by it."""
    own = [found for kept in _own(workspace) if kept.withdrawn_at is None and (found := _damage(kept))]
    return tuple(one.sentence for one in (*_shelf().damaged, *own))


def templates_in_use(workspace: Workspace, *, only: str = "") -> tuple[TemplateRow, ...]:
    """Every document in every language, by name. Text of a newer program that cannot be read here is passed over.

    `only`: one document.
    """
    agreed: dict[tuple[str, str], tuple[Template, LetterTemplate | None]] = {
        (one.identity.template_id, one.identity.language): (one, None)
        for one in _shelf(only).templates
    }
    waiting: dict[tuple[str, str], LetterTemplate] = {}
    for kept in _own(workspace):
        if only not in ("", kept.template_id):
            continue
        template = _read(kept)
        key = (kept.template_id, kept.language)
        if template is None or kept.withdrawn_at is not None:
            continue
        if kept.approved_at is None:
            waiting[key] = kept
        else:
            agreed[key] = (template, kept)
            waiting.pop(key, None)
    english = {key[0]: found[0].identity.version for key, found in agreed.items() if key[1] == ENGLISH}
    rows = [
        TemplateRow(template, own, waiting.get(key), _is_stale(template, english))
        for key, (template, own) in agreed.items()
    ]
    for key, kept in waiting.items():
        template = _read(kept)
        if key not in agreed and template is not None:
            rows.append(TemplateRow(template, None, kept, stale=True))
    return tuple(sorted(rows, key=lambda row: (row.template.name.casefold(), row.template.identity.language)))


def template_in_use(workspace: Workspace, *, template: str, language: str = ENGLISH) -> Template:
    """The text letters are made from now.

    Raises:
        NotFound: there is no such document in this language, or it is stale.
        TemplateInvalid: there is one that came with the program, and it is damaged; the sentence says where.
    """
    for row in templates_in_use(workspace, only=template):
        identity = row.template.identity
        if (identity.template_id, identity.language) == (template, language) and row.can_be_used:
            return row.template
    for one in _shelf(template).damaged:
        if one.language == language:
            raise TemplateInvalid(reason=one.sentence.rstrip("."))
    raise NotFound(what="letter template")


def template_as_used(workspace: Workspace, *, template: str, version: int, language: str, sha256: bytes) -> Template:
    """The very text something was made from, whatever is in use now.

    Raises:
        NotFound: neither the program nor the organisation has it any more.
        BugError: there is such a version, and it is another text.
    """
    wanted = (template, version, language)
    own = [one for one in _own(workspace) if (one.template_id, one.version, one.language) == wanted]
    for text in (_read(one) for one in own):
        if text is not None and text.identity.sha256 == sha256:
            return text
    found = load_template(_folder(), template_id=template, version=version, language=language)
    if found.identity.sha256 != sha256:
        raise BugError(rule="a template that was used is never changed, only followed by a new version")
    return found


def _folder() -> Path:
    return resources_folder() / "templates"


def write_template(workspace: Workspace, *, text: str) -> TemplateKept:
    """Keep a new version of the organisation's own text. It is used once somebody else has agreed to it.

    The version and the language are those of its header; the version must be the next one.

    Raises:
        TemplateInvalid: it breaks a rule; the sentence names the line.
        NotAllowed: this person does not write for the organisation.
        FormIncomplete: the version is not newer than the one in use, or the translation belongs to no version.
    """
    template = parse_template(text)
    identity = template.identity
    problems = Problems()
    problems.need(
        identity.version >= next_version(workspace, template=identity.template_id, language=identity.language), "text",
        f"There is a version {identity.version} already. Give this one a higher number.",
    )  # fmt: skip
    translated = identity.language == ENGLISH or template.use.translates
    problems.need(translated, "text", "Say in the header which English version it translates, such as translates: 2")
    problems.need(not (lost := _lost(workspace, template)), "text", f"{lost[:1].upper()}{lost[1:]}. Put it in.")
    problems.settle()
    with workspace.store.unit("write-template") as (unit, outcome):
        if roster_in(unit, workspace).role_of(workspace.user) not in WRITING_ROLES:
            raise NotAllowed()
        record = unit.create(
            LetterTemplate, workspace.organisation_stream, template_id=identity.template_id, version=identity.version,
            language=identity.language, body=template.source, written_at=workspace.parts.clock.now(),
            written_by=workspace.user,
        )  # fmt: skip
    return TemplateKept(record, identity.version, outcome.changed)


def approve_template(workspace: Workspace, *, record: RecordId) -> TemplateKept:
    """Agree to a version somebody else wrote. Letters are made from it from now on.

    Raises:
        FormIncomplete: its writer cannot agree to it where the policy asks for a second person, or it was agreed to.
        TemplateInvalid: it cannot be read by this version of the program.
        NotAllowed: this person does not write for the organisation.
    """
    kept = workspace.store.get(LetterTemplate, record)
    parse_template(kept.body)
    problems = Problems()
    second = workspace.pack.area_letters.second_person_approves
    someone_else = not second or kept.written_by != workspace.user
    problems.need(someone_else, "record", "Somebody other than the person who wrote it agrees to it.")
    problems.need(kept.approved_at is None, "record", "It was agreed to already.")
    problems.settle()
    with workspace.store.unit("approve-template") as (unit, outcome):
        if roster_in(unit, workspace).role_of(workspace.user) not in WRITING_ROLES:
            raise NotAllowed()
        unit.update(LetterTemplate, record, approved_at=workspace.parts.clock.now(), approved_by=workspace.user)
    return TemplateKept(record, kept.version or 0, outcome.changed)


def withdraw_template(workspace: Workspace, *, record: RecordId) -> TemplateKept:
    """Use this version no longer; the one before it, or the one that comes with the program, takes its place."""
    kept = workspace.store.get(LetterTemplate, record)
    with workspace.store.unit("withdraw-template") as (unit, outcome):
        if roster_in(unit, workspace).role_of(workspace.user) not in WRITING_ROLES:
            raise NotAllowed()
        unit.update(LetterTemplate, record, withdrawn_at=workspace.parts.clock.now())
    return TemplateKept(record, kept.version or 0, outcome.changed)


def next_version(workspace: Workspace, *, template: str, language: str) -> int:
    """The number the next version of a document bears."""
    known = [
        one.identity.version
        for one in shipped()
        if (one.identity.template_id, one.identity.language) == (template, language)
    ]
    own = _own(workspace)
    known += [one.version or 0 for one in own if (one.template_id, one.language) == (template, language)]
    return max(known, default=0) + 1


def _lost(workspace: Workspace, template: Template) -> str:
    """What a translation does not say that its English does, or in which script it should be; "" if nothing."""
    if template.identity.language == ENGLISH:
        return ""
    if reason := why_not_its_language(template):
        return reason
    rows = templates_in_use(workspace, only=template.identity.template_id)
    english = next((row.template for row in rows if row.template.identity.language == ENGLISH), None)
    return why_not_as_english(template, english) if english else ""


def _own(workspace: Workspace) -> tuple[LetterTemplate, ...]:
    table = table_of(LetterTemplate)
    return workspace.store.select(LetterTemplate, order_by=(table.c.version, table.c.written_at, table.c.id))


def _read(kept: LetterTemplate) -> Template | None:
    try:
        template = parse_template(kept.body)
    except TemplateInvalid:
        return None
    same = (template.identity.template_id, template.identity.language) == (kept.template_id, kept.language)
    return template if same else None


def _damage(kept: LetterTemplate) -> Damaged | None:
    """Why an own text that was kept cannot be read here; it may be of a newer version of the program."""
    try:
        parse_template(kept.body)
    except TemplateInvalid as error:
        where = f"your own version {kept.version}, {error.fields['reason']}"
        return Damaged(kept.template_id, kept.language, where)
    return None


def _is_stale(template: Template, english: Mapping[str, int]) -> bool:
    identity = template.identity
    newest = english.get(identity.template_id, 0)
    return identity.language != ENGLISH and template.use.translates < newest
