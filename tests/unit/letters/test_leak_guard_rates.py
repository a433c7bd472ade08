"""How much the leak guard catches, and how often it stops what is harmless: counted, and printed with `-s`."""

from __future__ import annotations

from core.letters.leak_guard import Secret, SecretKind, find_leaks, prepare

PEOPLE = (
    ("Amina Khan", "14 Marsh Lane", "6", "07700 900123"),
    ("Tobias Wren", "3 Harbour View", "2A", "07700 900456"),
    ("Siân Llewellyn", "Flat 4, Heron House", "4", "01632 960077"),
    ("José Ferreira", "27 Amber Road", "11", "07700 900789"),
    ("Oluwaseun Adeyemi", "9 Quay Street", "C", "07700 900222"),
    ("Mary-Anne O'Brien", "88 Fern Close", "15", "01632 960555"),
    ("Nguyen Thi Lan", "5 Birch Grove", "7", "07700 900333"),
    ("Zofia Kowalczyk", "41 Iris Court", "19", "07700 900444"),
    ("Grace Mensah", "60 Larch Way", "8", "07700 900555"),
    ("Hassan Yusuf", "12 Cedar Mews", "22", "07700 900666"),
)


def secrets_of(person: tuple[str, str, str, str]) -> tuple[Secret, ...]:
    name, home, flat, phone = person
    return (
        Secret(SecretKind.NAME, name, "a name"),
        Secret(SecretKind.HOME, home, "a home"),
        Secret(SecretKind.FLAT, f"Flat {flat}", "a flat"),
        Secret(SecretKind.PHONE, phone, "a phone"),
        Secret(SecretKind.DATE, "2026-05-31", "a day"),
    )


def planted(person: tuple[str, str, str, str]) -> list[str]:
    name, home, flat, phone = person
    words = name.split()
    first, last = words[0], words[-1]
    return [
        f"{name} told us.",
        f"{name.upper()} told us.",
        f"We spoke with {last}.",
        f"We saw {first} there.",
        f"It was {last}'s door.",
        f"It was {last}s door.",
        f"Ms {last} reported it.",
        f"{first[0]}. {last} reported it.",
        f"{last}, {first} reported it.",
        f"**{last[:2]}**{last[2:]} reported it.",
        f"{last[:-2] + last[-1]} reported it.",
        f"It happened at {home}.",
        f"It happened near {home.upper()}.",
        f"The tenant of flat {flat} spoke.",
        f"Somebody in Flat no. {flat} spoke.",
        f"Call {phone}.",
        f"Call {phone.replace(' ', '')}.",
        f"Call +44 {phone[1:]}.",
        f"Call {phone[:3]}-{phone[3:].replace(' ', '-')}.",
        "On 31 May there was shouting.",
        "On May 31st there was shouting.",
        "On 31/05/2026 there was shouting.",
        "On Sunday the 31st there was shouting.",
    ]


INNOCENT = (
    "Call us on 0303 999 0{n:03d}.",
    "We will be there on {n} June 2027.",
    "Plan number {n} was made by many people.",
    "All residents of this street get the same letter, {n} of them.",
    "Nobody needs proof to report it, whatever page {n} says.",
    "Page {n} of 300.",
    "The new lamps cost £{n}.",
    "Everyone can khanter along the path at {n} mph.",
    "Wrens nest in box {n}.",
    "May we ask you to close the gate? It has been {n} days.",
    "Harbour masters meet {n} times.",
    "The marsh is open for {n} hours.",
    "Larches and cedars: {n} trees.",
    "Amber light for {n} seconds.",
    "By grace of the committee, {n} keys were handed out.",
    "Iris bulbs, {n} to a bag.",
    "Quays were cleaned {n} times.",
    "Fern and birch grow here, {n} plants.",
    "It takes {n} minutes to walk to the station.",
    "Flats have {n} windows.",
)


def rates() -> tuple[int, int, int, int]:
    """(leaks caught, leaks planted, look-alikes stopped, look-alikes)."""
    silent, planted_count, loud, innocent_count = counted()
    return planted_count - len(silent), planted_count, len(loud), innocent_count


def counted() -> tuple[list[str], int, list[str], int]:
    """The leaks that were missed of how many, and the look-alikes that were stopped of how many."""
    silent: list[str] = []
    loud: list[str] = []
    planted_count = innocent_count = 0
    for number, person in enumerate(PEOPLE):
        secrets = prepare(secrets_of(person))
        for text in planted(person):
            planted_count += 1
            if not find_leaks(text, secrets):
                silent.append(f"{person[0]}: {text}")
        for place, sentence in enumerate(INNOCENT):
            text = sentence.format(n=100 + number * 20 + place)
            innocent_count += 1
            if find_leaks(text, secrets):
                loud.append(f"{person[0]}: {text}")
    return silent, planted_count, loud, innocent_count


def test_more_than_two_hundred_planted_leaks_are_caught_and_as_many_look_alikes_pass() -> None:
    silent, planted_count, loud, innocent_count = counted()
    caught, planted_leaks, stopped, look_alikes = rates()
    print(f"\nplanted leaks caught: {caught} of {planted_leaks}; look-alikes stopped: {stopped} of {look_alikes}")
    assert planted_count >= 200 and innocent_count >= 200
    assert len(silent) <= 5, silent  # one wrong letter in a name of five letters or fewer is not looked for
    assert len(loud) <= 10, loud
