"""The demo ends with a whole notat, and a person who runs it is told where it lies."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import smtplib
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import docx
import pypdfium2  # type: ignore[import-untyped]
import pytest
from lxml import html

from bot.demo.material import material
from bot.demo.shapes import Material
from bot.demo.sight import letters
from handlers.notat import published
from handlers.notat.shape import Notat
from storage.database import Database
from storage.embedded import shared
from tests.render import readers

_SPEED = 30  # times the pace that Slack allows: the real one takes a minute
_FILES = [f"hoeringsnotat-ballastkajen-v1.{ending}" for ending in ("docx", "html", "pdf")]
_PRIVATE = "ragnhild|åkærlund|käthe|østermølle|fiilskov|lundtang|vognsild"
_SUBMISSION = re.compile(r"Høringssvar (\d+): (.+)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A demo that was shown: what it played, where its files are, its command, and what was kept."""

    played: Material
    folder: Path
    said: str
    demo: subprocess.Popen[str]
    kept: Notat

    @property
    def paragraphs(self) -> list[tuple[str, str]]:
        """Style and text of each paragraph of the Word file."""
        whole = docx.Document(str(self.folder / _FILES[0]))
        return [(each.style.name if each.style else "", each.text) for each in whole.paragraphs]

    @property
    def texts(self) -> dict[str, str]:
        """All letters of each file."""
        with zipfile.ZipFile(self.folder / _FILES[0]) as parts:
            word = "".join(parts.read(name).decode() for name in parts.namelist() if name.startswith("word/"))
        page: Any = html.fromstring((self.folder / _FILES[1]).read_text(encoding="utf-8"))
        with pypdfium2.PdfDocument(self.folder / _FILES[2]) as pages:
            printed = "".join(page.get_textpage().get_text_bounded() for page in pages)
        texts = {"docx": re.sub("<[^>]+>", "", word), "html": page.text_content(), "pdf": printed}
        return {name: letters(text) for name, text in texts.items()}


def _today_material() -> Material:
    return material(datetime.now(ZoneInfo("Europe/Copenhagen")).date())


def _command(folder: Path, *options: str, temporary: Path | None = None) -> subprocess.Popen[str]:
    """`make demo`, at the tests' speed."""
    elsewhere = {"TMPDIR": str(temporary)} if temporary else {}
    return subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-m", "bot", "demo", "--out", str(folder), "--speed", str(_SPEED), *options],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | elsewhere,
    )  # fmt: skip


def _said_until(line: str, demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    said = ""
    for each in demo.stdout:
        said += each
        if line in each:
            return said
    raise AssertionError(said)


async def _kept(data: Path) -> Notat:
    """The content of the newest notat, from the database of a demo that is still up."""
    async with shared(data) as url:
        database = Database(url)
        async with database.begin() as store:
            (hearing,) = await store.hearings.all()
            kept = await store.versions.latest(hearing.id)
        await database.close()
    assert kept is not None
    content = published.read(json.dumps(kept.content).encode())
    assert isinstance(content, Notat)
    return content


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """A demo after its play, while it stays up, over the files of another."""
    place = tmp_path_factory.mktemp("shown")
    folder = place / "notat"
    folder.mkdir()
    for name in _FILES:
        (folder / name).write_text("fra i går")
    demo = _command(folder, temporary=place)
    try:
        said = _said_until("Ctrl-C", demo)
        (data,) = place.glob("hoeringsbot-demo-*/data")
        yield Shown(_today_material(), folder, said, demo, asyncio.run(_kept(data)))
    finally:
        demo.kill()
        demo.communicate()


def _spelled(text: str) -> str:
    """The letters of a text as typed in Slack that stand in the notat where it is typed."""
    text = re.sub(r"\[fodnote: .*?>?\.?\]", "", text)
    return letters(re.sub(r"(?m)^(?:- |\d+\. )", "", text))


def test_the_notat_is_final_and_lies_where_it_was_asked_for(shown: Shown) -> None:
    assert sorted(path.name for path in shown.folder.iterdir()) == _FILES
    assert all("udkast" not in text for text in shown.texts.values())
    assert all(str(shown.folder / name) in shown.said for name in _FILES)


def test_each_file_says_what_the_notat_says_in_its_order(shown: Shown) -> None:
    word, page, printed = ((shown.folder / name).read_bytes() for name in _FILES)
    readers.assert_they_say(shown.kept, word, printed, page.decode())


def test_the_submissions_are_numbered_in_order_with_the_parties_names(shown: Shown) -> None:
    headings = [found for _, text in shown.paragraphs if (found := _SUBMISSION.fullmatch(text))]
    assert [int(found[1]) for found in headings] == list(range(1, 20))
    assert [found[2].removesuffix(" m.fl.") for found in headings] == [
        piece.party for piece in shown.played.pieces if not piece.same_as
    ]


def test_three_letters_that_are_nearly_the_same_have_one_chapter(shown: Shown) -> None:
    lines = [text for _, text in shown.paragraphs]
    chapter = lines.index("Høringssvar 19: Privatperson Skibsbroen m.fl.")
    assert lines[chapter + 1].startswith("Høringssvar 20 og 21 er enslydende med dette.")
    assert sum(line.endswith("(besvaret via mail, enslydende med nr. 19)") for line in lines) == 2


def test_a_citizens_later_mail_is_put_with_the_first(shown: Shown) -> None:
    assert "Privatperson Tjærestien (besvaret via mail, senere suppleret)" in [
        text for _, text in shown.paragraphs
    ]


def test_remarks_stand_under_their_submission_in_the_order_they_were_made(shown: Shown) -> None:
    body = letters(" ".join(text for _, text in shown.paragraphs))
    at = 0
    for number, scene in enumerate(shown.played.scenes, 1):
        for wanted in (f"høringssvar{number}", letters(scene.summary)):
            at = body.index(wanted, at)
        for act in scene.acts:
            at = body.index(_spelled(act.text), at)


def test_every_remark_has_its_department_over_it(shown: Shown) -> None:
    headings = [text for style, text in shown.paragraphs if style == "Heading 3"]
    acts = [act for scene in shown.played.scenes for act in scene.acts]
    assert len(headings) == len(acts)
    assert {heading.partition(" fra ")[0] for heading in headings} == {"Bemærkning", "Bemærkninger"}


def test_one_department_answers_twice_with_another_between(shown: Shown) -> None:
    lines = [text for style, text in shown.paragraphs if style in {"Heading 3", "Høringssvar"}]
    start = next(i for i, line in enumerate(lines) if line.startswith("Høringssvar 4:"))
    departments = [line.partition(" fra ")[2] for line in lines[start + 1 : start + 5]]
    assert departments[0] == departments[3] == "Teknik- og Byforvaltningen"
    assert departments[0] not in departments[1:3]


def test_the_list_tells_what_came_by_mail_and_what_came_late(shown: Shown) -> None:
    listed = [text for style, text in shown.paragraphs if style == "List Paragraph"][:21]
    assert sum("(besvaret via mail" in line for line in listed) == 12
    assert [line for line in listed if "(modtaget efter høringsfristen)" in line] == [
        "Foreningen Pakhusenes Venner (modtaget efter høringsfristen)"
    ]


def test_footnotes_reach_every_format(shown: Shown) -> None:
    notes = [
        letters(re.sub(r"<[^|]*\|([^>]*)>", r"\1", note))
        for scene in shown.played.scenes
        for act in scene.acts
        for note in re.findall(r"\[fodnote: (.*?)\]", act.text)
    ]
    assert len(notes) == 2
    assert all(note in text for note in notes for text in shown.texts.values())


def test_internal_talk_is_in_none_of_the_files(shown: Shown) -> None:
    talk = [letters(line.text) for scene in shown.played.scenes for act in scene.acts for line in act.talk]
    assert len(talk) >= 20
    assert not [line for line in talk for text in shown.texts.values() if line in text]


def test_no_private_person_is_named(shown: Shown) -> None:
    assert not [text for text in shown.texts.values() if re.search(_PRIVATE, text)]


def test_the_table_tells_what_happened(shown: Shown) -> None:
    told = dict(re.findall(r"│ (.+?) +│ (.+?) +│", shown.said))
    assert told["Submissions"] == "21"
    assert told["… by portal, by mail"] == "9, 12"
    assert told["… sent twice, joined"] == told["… automatic reply, no submission"] == "1"
    assert told["… a later mail, put with the party's first"] == "1"
    assert told["… nearly the same as another, answered with it"] == "2"
    assert told["Questions, decided by the coordinator"] == "3, 1"
    assert told["Remarks approved"] == "42 of 42"
    assert told["Receipts sent"] == "13"
    assert told["Notat"] == "version 1, final"


async def test_after_the_play_it_stays_up_until_it_is_told_to_stop(shown: Shown) -> None:
    await _everybody_may_play(shown.said)
    shown.demo.send_signal(signal.SIGINT)
    said, _ = await asyncio.to_thread(shown.demo.communicate, timeout=30)
    assert shown.demo.returncode == 0
    assert said.endswith("everything is closed.\n")


async def _everybody_may_play(said: str) -> None:
    page = re.search(r"http://\S+", said)
    door = re.search(r"(127\.0\.0\.1):(\d+)  the mail door: mail to (\S+)", said)
    assert page
    assert door
    await _citizen_writes_on(page[0], to=door[3])
    await asyncio.to_thread(_refused_elsewhere, door[1], int(door[2]))


async def _citizen_writes_on(page: str, *, to: str) -> None:
    """A citizen uses the form on the page, and sees the receipt there."""
    form = {"name": "Ib Ibsen", "address": "ib@postkassen.example", "subject": "Stien", "to": to}
    async with aiohttp.ClientSession(page, raise_for_status=True) as session:
        async with session.post("/page/mail", data=form | {"text": "Byg cykelstien færdig."}) as answer:
            assert await answer.json() == {"ok": True}
        async with asyncio.timeout(20):
            while True:
                async with session.get("/page/view") as answer:
                    mails = (await answer.json())["mails"]
                if any(mail["to"] == "ib@postkassen.example" for mail in mails):
                    return
                await asyncio.sleep(0.1)


def _refused_elsewhere(host: str, port: int) -> None:
    with smtplib.SMTP(host, port, timeout=10) as server:
        server.ehlo()
        server.mail("ib@postkassen.example")
        assert server.rcpt("en.anden@ternevig.example")[0] == 550


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    """As the command, which answers with its status."""
    (tmp_path / "notat").write_text("her ligger en fil")
    demo = _command(tmp_path / "notat", "--once")
    said, _ = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert "Traceback" not in said
    assert str(tmp_path / "notat") in said
