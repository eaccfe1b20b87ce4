from __future__ import annotations

import pytest

from handlers.render.fonts import FONTS, breakable, readable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Æble på ø – ”ja” 1½ € · §", "Æble på ø – ”ja” 1½ € · §"),
        ("😀", "[grinning face]"),
        ("سلام", "[arabic letter seen][arabic letter lam][arabic letter alef][arabic letter meem]"),
        ("a\ue123b", "a[u+e123]b"),
        ("\U0001f44d\U0001f3fd\ufe0f", "[thumbs up sign]"),
        ("\U0001f468\u200d\U0001f469", "[man]\u200d[woman]"),
        ("a\u3000b\u2011c", "a b-c"),
    ],
)
def test_what_the_fonts_lack_is_said_in_words(text: str, shown: str) -> None:
    assert readable(text).replace("\u200d", "") == shown.replace("\u200d", "")


def test_the_fonts_come_with_their_licence() -> None:
    assert len(list(FONTS.glob("*.ttf"))) == 4
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_a_word_too_long_for_a_line_may_break() -> None:
    assert breakable("x" * 100) == "\u200b".join(["x" * 40, "x" * 40, "x" * 20])
    assert breakable("x" * 40 + " " + "y" * 40) == "x" * 40 + " " + "y" * 40
