"""Nothing is cut unseen: whatever Slack has no room for is said, with the way to see it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from bot.slack.views import blocks, elements
from bot.slack.views.home_view import Agenda, home
from bot.slack.views.windows import reading
from handlers.talk.progress import State
from handlers.waiting import Glance, Unanswered, Waits
from storage.asked import About
from storage.hearings import Seat
from tests.slack.bench import ABOUT_BIKES, bench
from tests.slack.test_marks import filed, hearing
from tests.world import KOORD, TEKNIK, mail, shown, words

NOW = datetime(2026, 9, 14, 10, 30, tzinfo=UTC)


def test_a_paragraph_too_long_for_a_block_ends_in_a_sign_that_it_goes_on() -> None:
    [short, long] = (elements.section_of("ord " * count)["text"]["text"] for count in (10, 1_000))
    assert not short.endswith("…")
    assert long.endswith("…")
    assert len(long) <= 3_000


def test_our_own_text_goes_on_in_as_many_blocks_as_it_needs() -> None:
    text = "\n".join(f"• Forvaltning nr. {number}: 2 af 3 godkendt" for number in range(300))
    told = [block["text"]["text"] for block in elements.marked(text)]
    assert "".join(told) == text
    assert max(map(len, told)) <= 3_000
    assert len(told) > 1
    assert [each["text"]["text"] for each in reading("Det mangler", "x" * 7_000)["blocks"]] != []
    assert sum(len(each["text"]["text"]) for each in reading("Det mangler", "x" * 7_000)["blocks"]) == 7_000


def test_a_home_tab_with_more_than_slack_takes_says_how_much_more_and_where() -> None:
    open_ones = tuple(Waits(uuid4(), n, "Privatperson", "Park", State.NEW) for n in range(15))
    asked = tuple(Unanswered(About.LATE, n, question_id=uuid4()) for n in range(10))
    glance = Glance((), asked, received=0, late=0, missing=0, unread=0, set_aside=0, not_posted=0)
    agendas = [Agenda(hearing(NOW), mine=open_ones, others=open_ones, glance=glance) for _ in range(6)]
    view = home(agendas, link=lambda _row: "", now=NOW)
    assert len(view["blocks"]) == 100
    assert "mere, som der ikke er plads til her. Skriv `/hoering status`" in words(view["blocks"][-2])


def test_evidence_for_very_many_departments_leaves_room_and_names_the_rest() -> None:
    seats = [
        Seat(
            uuid4(),
            uuid4(),
            key=f"s{n}",
            name=f"Forvaltning {n}",
            short="F",
            channel="C1",
            approvers=frozenset(),
            deputies=frozenset(),
            topics=(),
            owner=n == 0,
            retired=False,
        )
        for n in range(12)
    ]
    passages = {seat.key: ["ord " * 75] * 4 for seat in seats}
    one = filed()
    one.submission.text = "Et langt svar. " * 900
    told = words(blocks.placement(one, party="X", seats=seats, passages=passages, sure=False).blocks)
    assert len(told) < 9_000
    assert "… og 2 steder mere" in told
    assert "Teksten taler også for Forvaltning 4, Forvaltning 5" in told
    assert "Hele høringssvaret ligger som fil i tråden." in told


async def test_the_rest_of_a_mail_that_is_asked_about_lies_as_a_file_under_the_question(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        text = f"{ABOUT_BIKES} " * 100
        await town.keep(mail(text, name="Foreningen Stien", X_Spam_Flag="YES").as_bytes())
        await town.settle()
        [question] = town.sandbox.channel(KOORD).messages
        assert "… Hele teksten ligger som fil i tråden." in shown(question)
        [file] = [file for each in await town.until(lambda: town.thread(question)) for file in each.files]
        assert file.name == "mail-hele-teksten.txt"
        assert file.content.decode().count(ABOUT_BIKES) == 100
        assert not town.cards(TEKNIK)
