"""`imani people`: who is in, what is done when somebody leaves or a laptop is lost, and late work."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from core.cli.commands import opened
from core.cli.console import Output
from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.ids import UserId
from core.services import cases, leaving, organisation, quarantine
from core.services.leaving import Colleague
from core.services.quarantine import LateEntry, LateGroup
from core.services.workspace import Workspace


def listed(options: argparse.Namespace) -> Output:
    """Everybody who is in, with their laptops."""
    with opened(options) as workspace:
        people = [leaving.colleague(workspace, row.user) for row in organisation.members(workspace)]
    lines, data = [], []
    for person in people:
        lines.append(f"{person.name}: {person.role}{' (you)' if person.this_is_me else ''}")
        for laptop in person.laptops:
            state = "suspended" if laptop.suspended else "this laptop" if laptop.this_one else ""
            lines.append(f"  laptop {laptop.number} {laptop.device.hex()[:12]} {state}".rstrip())
        data.append(
            {
                "name": person.name, "role": person.role, "me": person.this_is_me,
                "laptops": [{"id": one.device.hex(), "suspended": one.suspended} for one in person.laptops],
            }
        )  # fmt: skip
    return Output(lines, {"people": data})


def remove(options: argparse.Namespace) -> Output:
    """Say what removing somebody does; with --reason, do it."""
    with opened(options) as workspace:
        person = _named(workspace, options.name)
        preview = leaving.what_removing_does(workspace, person.user)
        lines = [
            f"{person.name} has {_count(preview.laptops, 'laptop')}.",
            f"Of the cases you can see, they read {preview.cases_read}.",
            "What they wrote so far stays. What comes later waits to be looked at. They keep what they copied.",
        ]  # fmt: skip
        lines += [f"{case.reference} has no other lead: name one with --lead." for case in preview.without_lead]
        if not options.reason:
            lines.append("Nothing has been changed. To do it, say why with --reason.")
            return Output(lines, {"removed": False})
        leads = {}
        for reference, name in (given.split("=", 1) for given in options.lead if "=" in given):
            leads[cases.find_case(workspace, reference=reference)] = _named(workspace, name).user
        leaving.remove_colleague(workspace, user=person.user, reason=options.reason, leads=leads)
    lines.append(f"{person.name} has been removed. Run sync, so that the others hear of it.")
    return Output(lines, {"removed": True})


def suspend(options: argparse.Namespace) -> Output:
    """Cut one laptop off."""
    with opened(options) as workspace:
        person = _named(workspace, options.name)
        wanted = options.laptop.casefold()
        found = [one for one in person.laptops if wanted in (str(one.number), one.device.hex()[: len(wanted)])]
        if len(found) != 1:
            raise NotFound(what="laptop of that person")
        leaving.suspend_laptop(workspace, device=found[0].device, reason=options.reason)
    return Output(
        [f"Laptop {found[0].number} of {person.name} is suspended. Run sync, so that the others hear of it."],
        {"laptop": found[0].device.hex()},
    )


def role(options: argparse.Namespace) -> Output:
    """Give somebody another role."""
    with opened(options) as workspace:
        person = _named(workspace, options.name)
        leaving.change_role(workspace, user=person.user, role=options.role)
    return Output([f"{person.name} is {options.role} now."], {"name": person.name, "role": options.role})


def late_list(options: argparse.Namespace) -> Output:
    """Late work, with everything it would write."""
    with opened(options) as workspace:
        groups = quarantine.late_work(workspace)
    lines = [] if groups else ["No late work waits."]
    for number, group in enumerate(groups, start=1):
        lines.append(f"{number}. {group.where}: {group.sentence}")
        for entry in group.entries:
            lines += [f"   {entry.at:%Y-%m-%d %H:%M} {line}" for line in entry.lines]
    return Output(lines, {"late": [_as_data(group) for group in groups]})


def late_adopt(options: argparse.Namespace) -> Output:
    """Take late work over."""
    return _judge(options, quarantine.adopt, "taken over")


def late_aside(options: argparse.Namespace) -> Output:
    """Put late work aside."""
    return _judge(options, quarantine.put_aside, "put aside")


def _judge(options: argparse.Namespace, judge: Callable[..., quarantine.LateJudged], done: str) -> Output:
    with opened(options) as workspace:
        groups = quarantine.late_work(workspace)
        if not 1 <= options.number <= len(groups):
            raise NotFound(what="late work")
        entries = _chosen(groups[options.number - 1], options.entry)
        judged = judge(workspace, changes=[entry.change for entry in entries])
    return Output([f"{_count(judged.entries, 'entry', 'entries')} {done}."], {"entries": judged.entries})


def _chosen(group: LateGroup, numbers: list[int]) -> list[LateEntry]:
    if not numbers:
        return list(group.entries)
    if not all(1 <= number <= len(group.entries) for number in numbers):
        raise NotFound(what="late entry")
    return [group.entries[number - 1] for number in numbers]


def _named(workspace: Workspace, name: str) -> Colleague:
    found = [row for row in organisation.members(workspace) if row.name.casefold() == name.casefold()]
    if not found:
        raise NotFound(what="colleague")
    if len(found) > 1:
        raise FormIncomplete(problems={"name": "Several colleagues are called that. Use the window for this."})
    return leaving.colleague(workspace, UserId(found[0].user))


def _as_data(group: LateGroup) -> dict[str, object]:
    return {
        "who": group.name, "where": group.where, "why": group.why, "may_judge": group.may_judge,
        "entries": [
            {"at": entry.at.isoformat(), "says": [[row.record, row.field, row.value] for row in entry.says]}
            for entry in group.entries
        ],
    }  # fmt: skip


def _count(number: int, one: str, many: str = "") -> str:
    return f"1 {one}" if number == 1 else f"{number} {many or one + 's'}"
