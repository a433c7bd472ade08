"""What several stories begin with, each told through the real window."""

from __future__ import annotations

from tests.support.teller import Teller


def report(
    who: Teller, words: str, *, told_by: str, home: str = "", where: str = "", complained_about: str = "",
    acts: tuple[str, ...] = (), ways: tuple[str, ...] = ("Phone call",), never: tuple[str, ...] = (), harmed: str = "",
    out: tuple[str, ...] = (), connected: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """A report by telephone. `home`: a home of the list; `out`: not among the readers; `connected`: kept out."""
    who.today()
    who.press("New report")
    who.write("What happened?", words)
    who.write("Who told us?", told_by)
    if home:
        who.write_place("Where?", home.split(maxsplit=2)[2], home)
    elif where:
        who.write("Where?", where)
    who.choose("Is anyone in danger now?", "No")
    who.choose("Safe ways to reach them", *ways)
    if never:
        who.choose("Never use", *never)
    if acts:
        who.choose("What kind of act", *acts)
    if harmed:
        who.press("The person who told us is the person harmed")
        who.write("Who is the person harmed?", harmed)
    if complained_about:
        who.choose("Who did it", "Named")
        who.write("Name of the person complained about", complained_about)
    for name in out:
        who.choose("They can read it from the start", f"{name}*")
    if connected:
        who.choose("Is anyone here, or in their household, connected with this?", *connected)
    who.save()
    who.stands_on("case")
    who.sees("Add to file")


def spoke(who: Teller, case: str, way: str = "Phone call*") -> None:
    """First contact is made, from Today."""
    who.today()
    who.press(f"Record contact: First contact, {case}")
    who.answer(("How", way), ("What came of it", "Spoke with the person"))


def wants(who: Teller, words: str, *said: tuple[str, str], person: str = "") -> None:
    """What somebody harmed wants, from the open file. `said`: further answers."""
    who.add("Wishes, support and plan", "What the person wants")
    named = (("Who said it", f"{person}*"),) if person else ()
    who.answer(("In their words", words), *named, *said)
