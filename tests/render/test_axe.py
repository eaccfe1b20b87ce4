"""The page as axe-core judges it in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.render.html import html
from tests.render import axe
from tests.render.sample import DRAFT


@pytest.mark.skipif(axe.browser() is None, reason=axe.MISSING)
def test_a_whole_page_breaks_no_rule_and_one_without_its_language_breaks_that(
    tmp_path: Path,
) -> None:
    page = html(DRAFT)
    passed, broken = axe.checked(page, folder=tmp_path)
    assert passed > 15
    assert broken == []
    _, broken = axe.checked(page.replace('<html lang="da">', "<html>"), folder=tmp_path, width=360)
    assert [rule for rule, *_ in broken] == ["html-has-lang"]
