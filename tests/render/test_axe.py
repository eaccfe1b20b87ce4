"""The page as axe-core judges it in a real browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handlers.notat.shape import Notat
from handlers.render.html import html
from storage.words import Layout
from tests.handlers.notat.cases import Town, printed
from tests.render import axe
from tests.render.sample import DRAFT


@pytest.mark.skipif(axe.browser() is None, reason=axe.MISSING)
def test_a_whole_page_breaks_no_rule_and_one_without_its_language_breaks_that(
    tmp_path: Path,
) -> None:
    passed, broken = axe.checked(html(DRAFT), folder=tmp_path)
    assert passed > 15
    assert broken == []
    page = html(_as_a_ministry_has_it()).replace('<html lang="da">', "<html>")
    _, broken = axe.checked(page, folder=tmp_path, width=360)
    assert [rule for rule, *_ in broken] == ["html-has-lang"]


def _as_a_ministry_has_it() -> Notat:
    """A final notat with a table and points."""
    town = Town(layout=Layout.MINISTRY)
    club = town.filed("Byforeningen", town.laid("Vi planter.", about="Flere træer"), summary="Træer.")
    asked = (town.party("Skolerådet", heard_as=1), club.party)
    made = printed(town.dossier(club, heard=asked))
    return replace(made, draft="", findings=())
