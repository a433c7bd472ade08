"""A template in parts, as a person edits it, and back to the text that is kept. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.letters.templates import Template

ENGLISH = "en-GB"
_HEADING_END = "\n---\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateParts:
    """Everything of a template but its number. `body` is limited markdown; `translates` 0 for an original."""

    template_id: str
    language: str = ENGLISH
    name: str = ""
    when: str = ""
    title: str = ""
    closing: str = ""
    audiences: tuple[str, ...] = ()
    layout: str = "letter"
    signed_off: bool = False
    after_finding: bool = False
    clauses: tuple[str, ...] = ()
    translates: int = 0
    proofed_by: str = ""
    proofed_on: str = ""
    body: str = ""


def parts_of(template: Template) -> TemplateParts:
    """A template taken apart."""
    use = template.use
    return TemplateParts(
        template_id=template.identity.template_id, language=template.identity.language, name=template.name,
        when=use.when, title=template.title, closing=template.closing, audiences=use.audiences,
        layout=use.layout.value, signed_off=use.signed_off, after_finding=use.after_finding,
        clauses=template.clauses, translates=use.translates, proofed_by=use.proofed_by,
        proofed_on=use.proofed_on.isoformat() if use.proofed_on else "",
        body=template.source.split(_HEADING_END, 1)[1].strip(),
    )  # fmt: skip


def text_of(parts: TemplateParts, *, version: int, dated: str) -> str:
    """The text of one version, ready for `templates.parse_template`. `dated` as YYYY-MM-DD."""
    lines = [
        ("id", parts.template_id), ("version", str(version)), ("language", parts.language), ("name", parts.name),
        ("about", parts.when), ("audience", " ".join(parts.audiences)), ("layout", parts.layout),
        ("signed_off", "yes" if parts.signed_off else ""), ("after_finding", "yes" if parts.after_finding else ""),
        ("translates", str(parts.translates) if parts.translates else ""), ("dated", dated), ("title", parts.title),
        ("proofed_by", parts.proofed_by), ("proofed_on", parts.proofed_on if parts.proofed_by else ""),
        ("closing", parts.closing), ("clauses", " ".join(parts.clauses)),
    ]  # fmt: skip
    header = "\n".join(f"{key}: {' '.join(value.split())}" for key, value in lines if value.strip())
    return f"---\n{header}\n---\n{parts.body.strip()}\n"


def id_from(name: str) -> str:
    """A document's id from its name: "Noise at night" gives "noise-at-night"."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:60]
