"""English names of languages and letter formats, as office lists spell them, to stable codes.

Languages are BCP 47 tags; formats are this program's own seven codes. Data and two pure look-ups.
"""
# ruff: noqa: E501 -- tables of words are read, and compared, one entry a line

from __future__ import annotations

import re
import unicodedata
from typing import Final

FORMATS: Final = ("standard", "large-print", "braille", "audio", "plain-text", "easy-read", "translation")

_LANGUAGES: Final = {
    "aa": "afar", "ak": "akan, twi, fante, fanti, akan twi, asante twi", "sq": "albanian, shqip, kosovan",
    "am": "amharic, amarinya", "ar": "arabic, ara, العربية, arab, arabic sudanese, sudanese arabic, moroccan arabic, iraqi arabic",
    "hy": "armenian", "az": "azeri, azerbaijani", "eu": "basque", "bn": "bengali, ben, বাংলা, bangla, bangladeshi, bengla",
    "syl": "sylheti, sylhetti", "ber": "berber, amazigh", "bs": "bosnian", "bg": "bulgarian", "my": "burmese",
    "yue": "cantonese, chinese cantonese, cantonese chinese, chinese (cantonese)", "ca": "catalan",
    "zh": "chinese, zho, chi, 中文", "cmn": "mandarin, mandarin chinese, chinese mandarin, chinese (mandarin), putonghua",
    "nan": "hokkien", "hak": "hakka", "hr": "croatian", "cs": "czech", "da": "danish",
    "prs": "dari, afghan persian, dari persian", "nl": "dutch, flemish", "en": "english, eng, english only, britsh english",
    "et": "estonian", "ee": "ewe", "fa": "farsi, persian, iranian, farsi persian, persian (farsi), farsi (persian)",
    "fil": "filipino, tagalog, pilipino", "fi": "finnish", "fr": "french, francais", "ff": "fula, fulani, fulah",
    "gaa": "ga", "ka": "georgian", "de": "german", "el": "greek", "gu": "gujarati, guj, ગુજરાતી, gujerati, gujrati", "ha": "hausa",
    "he": "hebrew", "hi": "hindi", "hu": "hungarian", "ig": "igbo, ibo", "id": "indonesian", "ga": "irish, gaelic",
    "it": "italian", "ja": "japanese", "jam": "jamaican patois, patois, jamaican creole", "kn": "kannada",
    "kk": "kazakh", "rw": "kinyarwanda, rwandan", "rn": "kirundi", "ky": "kyrgyz", "ko": "korean", "kri": "krio",
    "ku": "kurdish", "ckb": "sorani, kurdish sorani, sorani kurdish, kurdish (sorani)",
    "kmr": "kurmanji, kurdish kurmanji, kurmanji kurdish, kurdish (kurmanji)", "lo": "lao", "lv": "latvian",
    "ln": "lingala", "lt": "lithuanian", "lg": "luganda, ganda", "mk": "macedonian", "ms": "malay",
    "ml": "malayalam", "mt": "maltese", "mr": "marathi", "mn": "mongolian", "ne": "nepali, nepalese", "no": "norwegian",
    "om": "oromo, afaan oromo", "ps": "pashto, pushto, pushtu, pashtu", "pl": "polish, polski, pol",
    "pt": "portuguese, portugese, portugues", "pt-br": "brazilian portuguese, portuguese brazilian, portuguese (brazil), brazilian",
    "pa": "punjabi, pan, ਪੰਜਾਬੀ, panjabi, punjabi (gurmukhi)", "pnb": "mirpuri, pahari, western punjabi",
    "ro": "romanian, rumanian, moldovan", "rom": "romani, romany, roma", "ru": "russian", "sr": "serbian",
    "hbs": "serbo-croat, serbo croat", "sn": "shona", "sd": "sindhi", "si": "sinhala, sinhalese, singhalese", "sk": "slovak",
    "sl": "slovene, slovenian", "so": "somali, som, somalian, soomaali, somalia", "es": "spanish, espanol, latin american spanish",
    "sw": "swahili, kiswahili", "sv": "swedish", "ta": "tamil", "te": "telugu", "th": "thai",
    "ti": "tigrinya, tigrigna, tigrinia", "tr": "turkish, turkce", "uk": "ukrainian, ukranian", "ur": "urdu, urd, اردو", "ug": "uyghur",
    "uz": "uzbek", "vi": "vietnamese", "cy": "welsh, cym, wel, cymraeg", "wo": "wolof", "yi": "yiddish", "yo": "yoruba", "zu": "zulu",
    "bfi": "bsl, british sign language, sign language, sign",
}  # fmt: skip


def _flat(text: str) -> str:
    # "Türkçe" and "Français" are typed with and without their marks.
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


_CODE_OF: Final = {_flat(name): code for code, names in _LANGUAGES.items() for name in names.split(",")}
_NOT_SAID: Final = frozenset(
    "n/a,na,none,-,--,?,tbc,unknown,not known,not stated,not recorded,nil,no,prefer not to say".split(",")
)
_NOISE: Final = re.compile(
    r"\b(speaking|speaker|speaks|language|only|first|main|preferred|spoken|written|interpreter|needed|required)\b"
)

_FORMAT_WORDS: Final = (
    ("braille", "braille brail brialle"),
    ("large-print", "large lge lrg lp 16pt 18pt 20pt 24pt enlarged"),
    ("audio", "audio cd tape recording spoken daisy mp3"),
    ("easy-read", "easy easyread"),
    ("translation", "translation translated translate"),
    ("plain-text", "plain text email electronic screenreader reader"),
    ("standard", "standard normal ordinary usual letter print post none no n/a na"),
)


def language_names() -> dict[str, str]:
    """Code -> the English name to show, with a capital."""
    return {_tag(code): names.split(",")[0].strip().title() for code, names in _LANGUAGES.items()}


def is_not_said(text: str) -> bool:
    """Whether a cell says in words that nothing is known."""
    return _flat(text) in _NOT_SAID


def language_code(text: str) -> str | None:
    """The BCP 47 tag for what a list says; "" when it says nothing; None when it is not known.

    "Bengali / Sylheti" and "Somali, some English" give the first language named that is not English.
    """
    plain = _flat(text)
    if not plain or plain in _NOT_SAID:
        return ""
    whole = _one_language(plain)
    if whole is not None:
        return whole
    found = [
        code for part in re.split(r"[/,;&+]| and | or ", plain) if (code := _one_language(part.strip())) is not None
    ]
    return next((code for code in found if code != "en"), found[0] if found else None)


def format_code(text: str) -> str | None:
    """One of `FORMATS` for what a list says; "" when it says nothing; None when it is not known."""
    plain = _flat(text)
    if not plain:
        return ""
    if plain in FORMATS:
        return plain
    words = set(re.findall(r"[a-z0-9/]+", plain))
    for code, hints in _FORMAT_WORDS:
        if not words.isdisjoint(hints.split()):
            return code
    return "" if plain in _NOT_SAID else None


def _one_language(plain: str) -> str | None:
    for candidate in (plain, _NOISE.sub(" ", plain), re.sub(r"\(.*?\)", " ", plain)):
        name = " ".join(candidate.split()).strip(" .:-")
        if name in _CODE_OF:
            return _tag(_CODE_OF[name])
        if name.replace("_", "-") in _LANGUAGES or re.fullmatch(r"(en|pt|zh|es|fr)-[a-z]{2}", name):
            return _tag(name.replace("_", "-"))
    return None


def _tag(code: str) -> str:
    language, dash, region = code.partition("-")
    return f"{language}{dash}{region.upper()}"
