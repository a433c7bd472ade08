"""A short letter in each script that needs shaping, with numbers and Latin names in it: to look at and to read back."""

from __future__ import annotations

import dataclasses
from datetime import date
from types import MappingProxyType

from core.letters.languages import say_day_in
from core.letters.model import Bullets, Heading, Letter, Paragraph, Run
from tests.support.letter_pages import ADDRESS, marks, sample_letter

_LINE_MM = 2.5
PHONE, EMAIL = "01865 496 0123", "hello@imani.example"

# Greeting, title, words before the bold ones, bold words, words with the number in, a heading.
_WORDS = MappingProxyType({
    "ar": ("عزيزي الساكن،", "لا نقبل المضايقة هنا", "نرسل هذه الرسالة إلى ", "كل بيت في منطقتكم",
           f". اتصل بنا على {PHONE} أو اكتب إلى {EMAIL} خلال 24 ساعة.", "ما نعنيه بالمضايقة"),
    "ur": ("محترم رہائشی،", "ہراسانی یہاں قابل قبول نہیں", "ہم یہی خط ", "آپ کے علاقے کے ہر گھر",
           f" کو بھیج رہے ہیں۔ ہمیں {PHONE} پر فون کریں یا {EMAIL} پر لکھیں۔ 24 گھنٹے۔", "ہراسانی سے مراد"),
    "bn": ("প্রিয় বাসিন্দা,", "হয়রানি এখানে গ্রহণযোগ্য নয়", "আমরা এই চিঠি ", "আপনার এলাকার প্রতিটি বাড়িতে",
           f" পাঠাচ্ছি। ফোন করুন {PHONE} নম্বরে অথবা {EMAIL} ঠিকানায় লিখুন, 24 ঘণ্টা।", "হয়রানি বলতে কী বোঝায়"),
    "gu": ("પ્રિય રહેવાસી,", "અહીં પજવણી સ્વીકાર્ય નથી", "અમે આ પત્ર ", "તમારા વિસ્તારના દરેક ઘરને",
           f" મોકલીએ છીએ. {PHONE} પર ફોન કરો અથવા {EMAIL} પર લખો, 24 કલાક.", "પજવણી એટલે શું"),
    "pa": ("ਪਿਆਰੇ ਵਸਨੀਕ,", "ਇੱਥੇ ਪਰੇਸ਼ਾਨੀ ਮਨਜ਼ੂਰ ਨਹੀਂ", "ਅਸੀਂ ਇਹੀ ਚਿੱਠੀ ", "ਤੁਹਾਡੇ ਇਲਾਕੇ ਦੇ ਹਰ ਘਰ ਨੂੰ",
           f" ਭੇਜ ਰਹੇ ਹਾਂ। {PHONE} ਤੇ ਫ਼ੋਨ ਕਰੋ ਜਾਂ {EMAIL} ਤੇ ਲਿਖੋ, 24 ਘੰਟੇ।", "ਪਰੇਸ਼ਾਨੀ ਕੀ ਹੈ"),
})  # fmt: skip
SCRIPTS = tuple(_WORDS)


def letter_in(language: str, *, address: tuple[str, ...] = ADDRESS, reference: str = "IM-2026-0417") -> Letter:
    """A letter in one of `SCRIPTS`."""
    greeting, title, before, bold, after, heading = _WORDS[language]
    body = Paragraph((Run(before), Run(bold, bold=True), Run(after)))
    return dataclasses.replace(
        sample_letter(address=address, reference=reference, officer="Amara Okoye", footer="Registered no. 12345R"),
        language=language, title=title, date_text=say_day_in(date(2026, 11, 23), language),
        blocks=(Paragraph((Run(greeting),)), body, Heading(heading), Bullets((body.runs, (Run(heading),)))),
        closing=(heading, "Amara Okoye"),
    )  # fmt: skip


def digits_as_seen(data: bytes, page_index: int = 0) -> str:
    """Every digit of a page as the eye meets it, line by line from left to right."""
    return "".join(one for one in latin_as_seen(data, page_index=page_index) if one.isdigit())


def latin_as_seen(data: bytes, *, page_index: int = 0, below_mm: float = 0.0) -> str:
    """Every visible ASCII character of a page as the eye meets it, by where its ink is; without spaces."""
    rows: list[tuple[float, list[tuple[float, str]]]] = []
    found = [mark for mark in marks(data, page_index) if mark.text.isascii() and mark.zone.top > below_mm]
    for mark in sorted(found, key=lambda one: one.zone.bottom):
        if not rows or mark.zone.bottom - rows[-1][0] > _LINE_MM:
            rows.append((mark.zone.bottom, []))
        rows[-1][1].append((mark.zone.left, mark.text))
    return "".join(text for _, row in rows for _, text in sorted(row))
