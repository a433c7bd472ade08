"""What a letter needs to know of a language: which way it runs, its months, and the few words no template holds. Pure.

The words are ours and of the same standing as a draft translation: whoever proofs a translation sees them on its pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """`date` with {0} day, {1} month, {2} year; `page` with {0} number and {1} of how many."""

    months: tuple[str, ...]
    page: str
    reference: str
    date: str = "{0} {1} {2}"
    rtl: bool = False
    english_name: str = ""


_NUMBERED = tuple(str(number) for number in range(1, 13))

_WORDS = MappingProxyType({
    "en": LanguageWords(
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
         "December"), "Page {0} of {1}", "Our reference: ", english_name="English",
    ),
    "cy": LanguageWords(
        ("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd",
         "Rhagfyr"), "Tudalen {0} o {1}", "Ein cyfeirnod: ", english_name="Welsh",
    ),
    "pl": LanguageWords(
        ("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września",
         "października", "listopada", "grudnia"), "Strona {0} z {1}", "Nasz numer: ", english_name="Polish",
    ),
    "so": LanguageWords(
        ("Janaayo", "Febraayo", "Maarso", "Abriil", "Maajo", "Juun", "Luulyo", "Agoosto", "Sebtembar", "Oktoobar",
         "Nofembar", "Desembar"), "Bogga {0} ee {1}", "Tixraaceenna: ", english_name="Somali",
    ),
    "ar": LanguageWords(
        ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر",
         "ديسمبر"), "صفحة {0} من {1}", "مرجعنا: ", rtl=True, english_name="Arabic",
    ),
    "ur": LanguageWords(
        ("جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر"),
        "صفحہ {0} از {1}", "ہمارا حوالہ: ", rtl=True, english_name="Urdu",
    ),
    "bn": LanguageWords(
        ("জানুয়ারি", "ফেব্রুয়ারি", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট", "সেপ্টেম্বর", "অক্টোবর",
         "নভেম্বর", "ডিসেম্বর"), "পৃষ্ঠা {0} / {1}", "আমাদের সূত্র: ", english_name="Bengali",
    ),
    "gu": LanguageWords(
        ("જાન્યુઆરી", "ફેબ્રુઆરી", "માર્ચ", "એપ્રિલ", "મે", "જૂન", "જુલાઈ", "ઑગસ્ટ", "સપ્ટેમ્બર", "ઑક્ટોબર", "નવેમ્બર",
         "ડિસેમ્બર"), "પાનું {0} / {1}", "અમારો સંદર્ભ: ", english_name="Gujarati",
    ),
    "pa": LanguageWords(
        ("ਜਨਵਰੀ", "ਫ਼ਰਵਰੀ", "ਮਾਰਚ", "ਅਪ੍ਰੈਲ", "ਮਈ", "ਜੂਨ", "ਜੁਲਾਈ", "ਅਗਸਤ", "ਸਤੰਬਰ", "ਅਕਤੂਬਰ", "ਨਵੰਬਰ", "ਦਸੰਬਰ"),
        "ਪੰਨਾ {0} / {1}", "ਸਾਡਾ ਹਵਾਲਾ: ", english_name="Punjabi",
    ),
    "zh": LanguageWords(
        _NUMBERED, "第 {0} 页，共 {1} 页", "我方编号：", date="{2}年{1}月{0}日", english_name="Chinese",
    ),
})  # fmt: skip
_ELSEWHERE = LanguageWords(_WORDS["en"].months, "{0} / {1}", "Ref. ")
_FROM_RIGHT = frozenset({"ar", "ur", "fa", "ps", "sd", "ckb", "he", "yi", "ug"})

KNOWN_LANGUAGES = tuple(_WORDS)
"""Primary subtags whose words we have."""


def primary(language: str) -> str:
    """The language of a BCP 47 tag without its region: "ur" of "ur-PK"."""
    return language.partition("-")[0].strip().lower()


def is_english(language: str) -> bool:
    """Whether a tag is for any English, or for nothing."""
    return primary(language) in ("", "en")


def is_from_right(language: str) -> bool:
    """Whether a language is written from right to left."""
    return primary(language) in _FROM_RIGHT


def words_in(language: str) -> LanguageWords:
    """The words of a language; of one we do not know, marks that need none."""
    return _WORDS.get(primary(language), _ELSEWHERE)


def english_name(language: str) -> str:
    """What a language is called in English; its code where we do not know it."""
    return words_in(language).english_name or language


def say_day_in(day: date, language: str) -> str:
    """A date as a letter in `language` writes it: 23 November 2026, 23 نومبر 2026."""
    words = words_in(language)
    return words.date.format(day.day, words.months[day.month - 1], day.year)
