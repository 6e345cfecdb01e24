"""Automatic numbers of lists: how a program prints the n-th item, by the name of the format in Office Open XML."""

from __future__ import annotations

from collections.abc import Callable

_CHINESE = "零一二三四五六七八九"
_LEGAL = {"chineseLegalSimplified": "零壹贰叁肆伍陆柒捌玖拾", "ideographLegalTraditional": "零壹貳參肆伍陸柒捌玖拾"}
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
MAX_ROMAN = 3999


def format_number(number: int, number_format: str) -> str | None:
    """The number as printed, or ``None`` where that is not known: another format, or a number beyond its range."""
    if number < 0:
        return None
    formatter = _FORMATS.get(number_format)
    return formatter(number) if formatter is not None else None


def _decimal(number: int) -> str:
    return str(number)


def _decimal_zero(number: int) -> str:
    return f"{number:02d}"


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


def _counting(digits: str, ten: str) -> Callable[[int], str | None]:
    """Tens and ones in words. From 100 on programs differ: not known."""

    def formatted(number: int) -> str | None:
        if not 0 < number < 100:
            return None
        tens, ones = divmod(number, 10)
        leading = ten if tens == 1 and ten == "十" else f"{digits[tens]}{ten}" if tens else ""
        return leading + (digits[ones] if ones else "")

    return formatted


def _digits(number: int) -> str:
    """Digit by digit, as years are written."""
    return "".join("〇" if digit == "0" else _CHINESE[int(digit)] for digit in str(number))


def _enclosed(*ranges: tuple[int, int, str]) -> Callable[[int], str | None]:
    """Characters of one piece: first and last number of a range, and the character of its first."""

    def formatted(number: int) -> str | None:
        for first, last, character in ranges:
            if first <= number <= last:
                return chr(ord(character) + number - first)
        return None

    return formatted


def _cycle(characters: str) -> Callable[[int], str | None]:
    return lambda number: characters[number - 1] if 0 < number <= len(characters) else None


def _letters(number: int) -> str | None:
    """a to z, then aa, bb, …"""
    if not 0 < number <= 26 * 10:
        return None
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str | None:
    if not 0 < number <= MAX_ROMAN:
        return None
    printed = ""
    for value, sign in (*_ROMAN, *_ROMAN_SMALL):
        count, number = divmod(number, value)
        printed += sign * count
    return printed


def _upper(formatter: Callable[[int], str | None]) -> Callable[[int], str | None]:
    return lambda number: printed.upper() if (printed := formatter(number)) is not None else None


_FORMATS: dict[str, Callable[[int], str | None]] = {
    "decimal": _decimal,
    "decimalZero": _decimal_zero,
    "decimalHalfWidth": _decimal,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "chineseCounting": _counting(_CHINESE, "十"),
    "chineseCountingThousand": _counting(_CHINESE, "十"),
    "japaneseCounting": _counting(_CHINESE, "十"),
    "taiwaneseCounting": _counting(_CHINESE, "十"),
    "taiwaneseCountingThousand": _counting(_CHINESE, "十"),
    "ideographDigital": _digits,
    "taiwaneseDigital": _digits,
    "chineseLegalSimplified": _counting(_LEGAL["chineseLegalSimplified"], "拾"),
    "ideographLegalTraditional": _counting(_LEGAL["ideographLegalTraditional"], "拾"),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalEnclosedCircle": _enclosed((1, 20, "①"), (21, 35, "㉑"), (36, 50, "㊱")),
    "decimalEnclosedCircleChinese": _enclosed((1, 20, "①"), (21, 35, "㉑"), (36, 50, "㊱")),
    "decimalEnclosedParen": _enclosed((1, 20, "⑴")),
    "decimalEnclosedFullstop": _enclosed((1, 20, "⒈")),
    "ideographEnclosedCircle": _enclosed((1, 10, "㊀")),
    "lowerLetter": _letters,
    "upperLetter": _upper(_letters),
    "lowerRoman": _roman,
    "upperRoman": _upper(_roman),
    "none": lambda number: "",
}
