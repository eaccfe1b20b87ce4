from __future__ import annotations

from hashlib import sha256

import pytest

from handlers.render.fonts import FAMILIES, FONTS, breakable, readable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Æble på ø – ”ja” 1½ € · §", "Æble på ø – ”ja” 1½ € · §"),
        ("😀", "[grinning face]"),
        ("سلام ☐ ✓ ★ →", "سلام ☐ ✓ ★ →"),
        ("שלום", "[hebrew letter shin][hebrew letter lamed][hebrew letter vav][hebrew letter final mem]"),
        ("a\ue123b", "a[u+e123]b"),
        ("\U0001f44d\U0001f3fd\ufe0f", "\U0001f44d"),
        ("\U0001f468\u200d\U0001f469", "[man]\u200d[woman]"),
        ("a\u3000b\u2011c", "a b-c"),
    ],
)
def test_what_the_fonts_lack_is_said_in_words(text: str, shown: str) -> None:
    assert readable(text).replace("\u200d", "") == shown.replace("\u200d", "")


def test_the_fonts_come_with_their_licences_and_are_those_that_their_sources_name() -> None:
    for licence in ("OFL.txt", "OFL-Noto.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / licence).read_text(encoding="utf-8")
    told = (FONTS / "SOURCES.txt").read_text(encoding="utf-8").splitlines()
    files = sorted(FONTS.glob("*.ttf"))
    assert [line for line in told if ".ttf" in line] == [
        f"{sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files
    ]
    assert {file.name.partition("-")[0] for file in files} == {name.replace(" ", "") for name in FAMILIES}


def test_a_word_too_long_for_a_line_may_break() -> None:
    assert breakable("x" * 100) == "\u200b".join(["x" * 40, "x" * 40, "x" * 20])
    assert breakable("x" * 40 + " " + "y" * 40) == "x" * 40 + " " + "y" * 40
