"""Makes `resources/demo/marsh-lane-homes.csv`, the list of a made-up co-operative's homes.

Usage: python installer/tools/make_demo_estate.py OUTPUT.csv

The same bytes every time. The list is as untidy as real ones are, on purpose: see the README beside
the CSV. Streets, blocks and people are invented; the postcode area ZZ is not allocated to anybody.
"""
# ruff: noqa: E501 -- tables of words are read, and compared, one entry a line

from __future__ import annotations

import csv
import io
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

SEED = 1947
TOWN = "Eastmere"
COLUMNS = (
    "Home Ref", "Address", "Town", "Post Code", "Block / Estate", "Tenant", "Joint tenant", "First language",
    "Letter format", "Notes",
)  # fmt: skip
TITLE = "Marsh Lane Housing Co-operative - homes and households (membership secretary's copy)"

HOMES_WITHOUT_POSTCODE = 19
HOMES_WITH_A_SECOND_ROW = 46
ROWS_TYPED_TWICE = 11
EMPTY_HOMES = 14

# Given and family names by the part of the world a family's names come from; titles follow the given name.
NAMES = {
    "en": ("Mrs Dorothy,Mr Colin,Ms Gemma,Mr Terence,Miss Kayleigh,Mr Stephen,Mrs Maureen,Mx Robin", "Pettigrew,Ashdown,Fairlamb,Oakshott,Tranter,Whitlock,Purkiss,Dunmore"),
    "caribbean": ("Mrs Verona,Mr Delroy,Ms Shanice,Mr Winston,Mrs Icilda,Mr Leroy,Miss Tanisha", "Brathwaite,Pinnock,Gayle,Lettman,Cudjoe,Samaroo,Alleyne"),
    "bn": ("Mrs Rokeya,Mr Abdul,Ms Nasrin,Mr Shofiqul,Mrs Hosne Ara,Mr Mizanur,Miss Tahmina", "Khatun,Miah,Begum,Uddin,Choudhury,Sarkar,Talukdar"),
    "so": ("Mrs Hodan,Mr Abdirahman,Ms Ifrah,Mr Liban,Mrs Sahra,Mr Guled,Miss Ayaan", "Warsame,Jama,Farah,Abdi Nur,Duale,Elmi,Shire"),
    "tr": ("Mrs Gülşen,Mr Mehmet,Ms Elif,Mr Hüseyin,Mrs Nuray,Mr Okan", "Yıldızoğlu,Şahinbaş,Karadağlı,Öztürkmen,Çelikkol"),
    "pl": ("Mrs Małgorzata,Mr Zbigniew,Ms Agnieszka,Mr Łukasz,Mrs Bożena,Mr Paweł", "Wiśniowiecka,Kowalczuk,Zielonka,Dąbrowicz,Jaworek"),
    "ar": ("Mrs Samira,Mr Khalid,Ms Rania,Mr Youssef,Mrs Huda,Mr Tariq", "Al-Masri,Haddadin,El Amrani,Benhaddou,Shamoun"),
    "ti": ("Mrs Letebrhan,Mr Tesfay,Ms Selam,Mr Yonas,Mrs Abrehet,Mr Filmon", "Gebremedhin,Haile,Tekle,Woldu,Kidane"),
    "yo": ("Mrs Folasade,Mr Adébáyọ̀,Ms Temitope,Mr Olumide,Mrs Yetunde,Mr Kunle", "Akinwande,Ogunbiyi,Adéṣinà,Olatunji,Balogun"),
    "pt": ("Mrs Conceição,Mr João,Ms Inês,Mr Rui,Mrs Graça,Mr Tomé", "Figueiroa,Salgueiro,Antunes,Brandão,Mendonça"),
    "vi": ("Mrs Thị Hoa,Mr Văn Dũng,Ms Ngọc Lan,Mr Quang Huy,Mrs Kim Chi", "Nguyễn,Trần,Phạm,Đặng,Bùi"),
    "pa": ("Mrs Harjinder,Mr Gurdeep,Ms Simran,Mr Balwant,Mrs Manjeet", "Kaur Dhillon,Singh Sohal,Kaur Bains,Singh Virk,Grewal"),
    "yue": ("Mrs Mei Ling,Mr Wing Keung,Ms Siu Fong,Mr Ka Ho,Mrs Suk Yee", "Tsang,Leung,Kwok,Yuen,Lau"),
    "es": ("Mrs Luz Marina,Mr Edilberto,Ms Paola,Mr Wilmar,Mrs Rosalba", "Quintero Rojas,Cifuentes,Mosquera,Bermeo,Guarín"),
}  # fmt: skip
SHARES = {
    "en": 26, "caribbean": 14, "bn": 15, "so": 11, "tr": 7, "pl": 6, "ar": 5, "ti": 3, "yo": 8, "pt": 3, "vi": 3, "pa": 3,
    "yue": 3, "es": 3,
}  # fmt: skip
LANGUAGE_SPELLINGS = {
    "en": ("", "", "English", "english", "ENGLISH"), "caribbean": ("", "English", ""),
    "bn": ("Bengali", "Bangla", "BENGALI", "Bengali / Sylheti", "Sylheti"), "so": ("Somali", "somali", "Soomaali", "Somali speaking"),
    "tr": ("Turkish", "TURKISH", "Türkçe"), "pl": ("Polish", "polish", "Polski"), "ar": ("Arabic", "arabic "),
    "ti": ("Tigrinya", "Tigrigna"), "yo": ("English", "Yoruba", ""), "pt": ("Portuguese", "Portugese"),
    "vi": ("Vietnamese",), "pa": ("Punjabi", "Panjabi"), "yue": ("Cantonese", "Chinese (Cantonese)"), "es": ("Spanish", "spanish"),
}  # fmt: skip
FORMAT_SPELLINGS = (
    ("large print", 9), ("LARGE PRINT", 4), ("Large print 18pt", 4), ("Braille", 2), ("braille", 1), ("audio CD", 3),
    ("Audio", 2), ("Easy read", 4), ("easyread", 2), ("plain text (email)", 3), ("translation", 5), ("Translated please", 3),
    ("standard", 40), ("Standard letter", 12), ("n/a", 6),
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A street or block: what its homes are called and where they are. `{n}` is the home's number."""

    block: str
    writings: tuple[str, ...]
    postcode: str
    numbers: tuple[str, ...]


@dataclass
class Home:
    """One home with the rows the list will have about it."""

    site: Site
    number: str
    reference: str
    rows: list[dict[str, str]] = field(default_factory=list)


def _plain(numbers: range) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers)


SITES = (
    Site("Marsh Lane", ("{n} Marsh Lane", "{n} Marsh Ln", "{n}, Marsh Lane", "{n} MARSH LANE"), "ZZ1 1AA", _plain(range(1, 120, 2))),
    Site("Samphire St", ("{n} Samphire Street", "{n} Samphire St", "{n} samphire street", "{n},Samphire St."), "ZZ1 1BB", _plain(range(2, 98, 2))),
    Site("Sedge Row", ("{n} Sedge Row", "{n} SEDGE ROW", "{n}, Sedge Row"), "ZZ1 2DD", _plain(range(1, 41))),
    Site(
        "Bittern House",
        ("Flat {n} Bittern House 12 Marsh Lane", "Flat {n}, Bittern House, 12 Marsh Lane", "{n} Bittern House, 12 Marsh Lane",
         "FLAT {n} BITTERN HOUSE, 12 MARSH LANE", "Bittern House, Flat {n}, 12 Marsh Lane", "Flt {n} Bittern Hse, 12 Marsh Ln"),
        "ZZ1 1AD", _plain(range(1, 85)),
    ),
    Site(
        "Lapwing House",
        ("Flat {n} Lapwing House 30 Marsh Lane", "Flat {n}, Lapwing House, 30 Marsh Lane", "Lapwing House Flat {n}, 30 Marsh Lane",
         "flat {n} lapwing house 30 marsh lane", "Apartment {n}, Lapwing House, 30 Marsh Ln"),
        "ZZ1 1AE", _plain(range(1, 73)),
    ),
    Site(
        "Reedmace Court",
        ("Flat {n} Reedmace Court Samphire Street", "{n} Reedmace Court, Samphire Street", "Flat {n}, Reedmace Ct, Samphire St",
         "REEDMACE COURT, FLAT {n}, SAMPHIRE STREET"),
        "ZZ1 1BD", _plain(range(1, 97)),
    ),
    Site(
        "Curlew Point",
        ("Flat {n} Curlew Point 5 Eelmarket Road", "Flat {n}, Curlew Point, 5 Eelmarket Rd", "{n} Curlew Point, 5 Eelmarket Road",
         "Flat {n}  Curlew Point,5 Eelmarket Road"),
        "ZZ1 3EE", tuple(f"{floor}{door:02d}" for floor in range(1, 16) for door in range(1, 9)),
    ),
    Site(
        "Eelmarket Road houses",
        ("Flat {f}, {n} Eelmarket Road", "{n} Flat {f} Eelmarket Road", "{f}/{n} Eelmarket Rd", "Flat {f} {n} Eelmarket Rd",
         "{n} Eelmarket Road Flat {f}"),
        "ZZ1 3EF", tuple(f"{number}:{flat}" for number in range(40, 80, 2) for flat in ("1", "2", "3")),
    ),
    Site("Withy Gardens", ("{n} Withy Gardens", "{n} Withy Gdns", "{n} WITHY GARDENS"), "ZZ1 2DG", _plain(range(1, 37))),
    Site(
        "Tidemill Cottages",
        ("{n} Tidemill Cottages, Sluice Walk", "{n} Tidemill Cottages Sluice Walk", "{n} TIDEMILL COTTAGES, SLUICE WALK"),
        "ZZ1 2DH", _plain(range(1, 25)),
    ),
)  # fmt: skip

NOT_TO_BE_TAKEN = (
    {"Address": "TBC", "Tenant": "Mr Gideon Marlowe-Finch", "Notes": "waiting for keys"},
    {"Address": "see file", "Tenant": "Mrs Parveen Lodhi-Carr"},
    {"Address": "PO Box 19", "Town": TOWN, "Post Code": "ZZ1 9ZZ", "Notes": "co-op office post"},
    {"Address": "Flat 7", "Tenant": "Ms Oriel Tamworth-Bey", "Notes": "which block?"},
    {"Home Ref": "", "Address": "Total: 640 homes"},
    {"Address": "", "Tenant": "Mr Silvanus Okorie-Platt", "Notes": "=HYPERLINK(\"http://example.invalid\",\"address\")"},
)  # fmt: skip


def make_estate() -> bytes:
    """The whole CSV file as bytes (UTF-8 with a byte-order mark, CRLF line ends)."""
    dice = random.Random(SEED)  # noqa: S311 -- invented people, the same every time
    homes = [
        Home(site, number, f"ML{at:04d}")
        for at, (site, number) in enumerate(((site, number) for site in SITES for number in site.numbers), start=1)
    ]
    for home in homes:
        home.rows.append(_first_row(dice, home))
    for home in dice.sample(homes, EMPTY_HOMES):
        home.rows[0].update(
            {
                "Tenant": dice.choice(("VOID", "void", "Vacant")),
                "Joint tenant": "",
                "First language": "",
                "Letter format": "",
            }
        )
    for home in dice.sample(homes, HOMES_WITH_A_SECOND_ROW):
        home.rows.append(_second_row(dice, home))
    for home in dice.sample(homes, ROWS_TYPED_TWICE):
        home.rows.append(dict(home.rows[0], Address=_writing(dice, home)))
    for home in dice.sample(homes, HOMES_WITHOUT_POSTCODE):
        for row in home.rows:
            row["Post Code"] = ""
    lodger = dice.choice([home for home in homes if home.rows[0]["Tenant"].startswith("Mr")])
    lodger.rows[0]["First language"] = "ask daughter"
    return _as_csv(dice, [row for home in homes for row in home.rows])


def _first_row(dice: random.Random, home: Home) -> dict[str, str]:
    family = dice.choices(list(SHARES), weights=list(SHARES.values()))[0]
    surname = dice.choice(NAMES[family][1].split(","))
    row = _row(dice, home)
    row["Tenant"] = _person(dice, family, surname)
    if dice.random() < 0.28:
        partner = _person(dice, family, surname)
        if partner != row["Tenant"]:
            row["Joint tenant"] = partner
    elif dice.random() < 0.08:
        row["Tenant"] = f"{row['Tenant']} & {_person(dice, family, surname)}"
    row["First language"] = dice.choice(LANGUAGE_SPELLINGS[family])
    if dice.random() < 0.22:
        row["Letter format"] = dice.choices(
            [name for name, _ in FORMAT_SPELLINGS], weights=[share for _, share in FORMAT_SPELLINGS]
        )[0]
    return row


def _second_row(dice: random.Random, home: Home) -> dict[str, str]:
    """A joint tenant on a line of their own, with the address written another way."""
    family = dice.choice(list(NAMES))
    row = _row(dice, home)
    row["Tenant"] = _person(dice, family, dice.choice(NAMES[family][1].split(",")))
    row["Notes"] = dice.choice(("joint tenant", "", "JT"))
    return row


def _row(dice: random.Random, home: Home) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "")
    row["Home Ref"] = home.reference
    row["Address"] = _writing(dice, home)
    row["Town"] = dice.choices((TOWN, TOWN.upper(), f" {TOWN} ", TOWN.lower()), weights=(88, 6, 4, 2))[0]
    row["Post Code"] = _postcode(dice, home.site.postcode)
    row["Block / Estate"] = home.site.block
    return row


def _writing(dice: random.Random, home: Home) -> str:
    number, _, flat = home.number.partition(":")
    usual, *others = home.site.writings
    writing = usual if dice.random() < 0.72 else dice.choice(others)
    text = writing.format(n=number, f=flat)
    return f" {text}" if dice.random() < 0.03 else text.replace(" ", "  ", 1) if dice.random() < 0.03 else text


def _postcode(dice: random.Random, postcode: str) -> str:
    writings = (postcode, postcode.replace(" ", ""), postcode.lower(), postcode.replace(" 1", " I"), f"{postcode} ")
    return dice.choices(writings, weights=(86, 6, 4, 1, 3))[0]


def _person(dice: random.Random, family: str, surname: str) -> str:
    name = f"{dice.choice(NAMES[family][0].split(','))} {surname}"
    return name.upper() if dice.random() < 0.05 else name


def _as_csv(dice: random.Random, rows: list[dict[str, str]]) -> bytes:
    for row in NOT_TO_BE_TAKEN:
        rows.insert(dice.randrange(len(rows)), dict(dict.fromkeys(COLUMNS, ""), **row))
    for _ in range(3):
        rows.insert(dice.randrange(len(rows)), dict.fromkeys(COLUMNS, ""))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([TITLE])
    writer.writerow([])
    writer.writerow(COLUMNS)
    writer.writerows([[row[column] for column in COLUMNS] for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Usage: python installer/tools/make_demo_estate.py OUTPUT.csv", file=sys.stderr)
        return 2
    Path(arguments[0]).write_bytes(make_estate())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
