"""What the buttons and the menu of a card do besides remarks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.sandbox import Message
from bot.slack.posts.pictures import drawn
from handlers.talk.show import show_days
from storage.words import PartyKind
from tests.slack.bench import Bench, bench
from tests.slack.threads import ANSWER, OTHER, answered, approved, marked
from tests.world import BOERN, KOORD, TEKNIK, plan, shown, words

NOTED = "Teknik- og Miljøforvaltningen tager bemærkningen til efterretning."
LONG = "Vi ønsker en bedre cykelsti. " * 400


def _said(message: Message) -> str:
    """What a message shows, each gap between its pieces one blank; names of people are not told."""
    return " ".join(shown(message).split())


async def _pick(town: Bench, name: str, card: Message, act: str, values: dict[str, str]) -> dict[str, str]:
    """Somebody picks from the menu and sends in the form; what they are told is wrong in it."""
    person = town.person(name)
    await person.click(card, "more", choose=_value(card, act))
    answer = await person.submit(
        await town.window(person), {(key, _ELEMENTS[key]): v for key, v in values.items()}
    )
    await town.settle()
    return answer.errors


_ELEMENTS = {
    "verdict": "choice", "what": "text", "to": "choice", "reason": "text", "this": "text", "other": "text"
}  # fmt: skip


def _buttons(card: Message) -> list[str]:
    return [e["action_id"] for block in card.blocks if block["type"] == "actions" for e in block["elements"]]


async def test_the_usual_sentence_is_drafted_with_one_click_and_approved_by_another(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        await town.person("tove").click(card, "take_note")
        await town.person("tove").click(card, "take_note")
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert NOTED in _said(draft)
        await town.told("tove", TEKNIK, "Sætningen står allerede i et udkast")
        await town.person("tove").click(draft, "approve_remark")
        await town.told("tove", TEKNIK, "at en anden end forfatteren godkender")
        assert await approved(town) == []
        assert "Mangler: godkendelse af én bemærkning" in _said(card)


async def test_with_four_eyes_no_remarks_waits_for_an_approver(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        assert "Mangler: en bemærkning, eller at forvaltningen ingen har" in _said(card)
        await town.person("tim").click(card, "no_remarks")
        await town.settle()
        assert "Til godkendelse" in _said(card)
        await town.person("tim").click(card, "no_remarks")
        await town.told("tim", TEKNIK, "En godkender skal bekræfte det.")
        await town.person("tove").click(card, "no_remarks")
        await town.settle()
        assert "Ingen bemærkninger , oplyst af" in _said(card)
        assert "Mangler" not in _said(card)
        assert _buttons(card) == ["reopen", "more"]
        await town.person("tim").click(card, "reopen")
        await town.settle()
        assert "Genåbnet" in _said(card)
        assert _buttons(card)[0] == "write_remark"


async def test_what_is_marked_for_a_draft_that_stands_opens_the_matter_again(database_url: str) -> None:
    async with bench(database_url) as town:
        card, _answer, _draft = await marked(town)
        await town.person("tove").click(card, "no_remarks")
        await town.settle()
        assert "Ingen bemærkninger" in _said(card)
        more = await town.person("tim").say(TEKNIK, OTHER, thread=card)
        await town.person("tim").shortcut(more, "use_as_remark")
        await town.settle()
        assert "Mangler: godkendelse af én bemærkning" in _said(card)


async def test_what_is_approved_must_be_taken_back_before_the_matter_ends(database_url: str) -> None:
    async with bench(database_url) as town:
        card, _answer, draft = await marked(town)
        old = replace(card, blocks=[dict(each) for each in card.blocks])
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        await town.person("tove").click(old, "no_remarks")
        await town.told("tove", TEKNIK, "Træk godkendelsen tilbage først.")
        assert "Godkendt" in _said(card)
        assert await approved(town) == [ANSWER]


async def test_what_is_anothers_is_sent_on_with_links_both_ways_and_without_its_drafts(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        card, answer, draft = await marked(town)
        values = {"to": "boern", "reason": "Det er skolevejen."}
        assert await _pick(town, "tim", card, "elsewhere", values) == {}
        await town.settle()  # the links are asked for once both cards stand
        new = town.card_now(BOERN, 1)
        assert new is not None
        [line] = town.ours(card, "handover")
        assert "Sendt videre til Børne- og Ungeforvaltningen af" in _said(card)
        assert "Det er skolevejen." in _said(line)
        assert "Sendt videre fra: Teknik- og Miljøforvaltningen : Det er skolevejen." in _said(new)
        links = [str(each.blocks) for each in (card, line, new)]
        assert [f"/p{new.ts.replace('.', '')}" in links[0], f"/p{new.ts.replace('.', '')}" in links[1]] == [
            True
        ] * 2
        assert f"/p{card.ts.replace('.', '')}" in links[2]
        assert not town.ours(new, "draft")
        await town.person("tove").click(draft, "approve_remark")
        await town.told("tove", TEKNIK, "Høringssvaret er sendt videre, og tråden er lukket.")
        await town.person("tove").react(answer, "white_check_mark")
        await town.settle()
        assert await approved(town) == []
        assert _buttons(card) == ["reopen", "more"]


async def test_what_nobody_knows_goes_back_to_the_coordinator(database_url: str) -> None:
    async with bench(database_url) as town:
        card, _answer = await answered(town)
        assert await _pick(town, "tim", card, "elsewhere", {"to": "?", "reason": " "}) == {
            "reason": "Skriv kort, hvorfor høringssvaret ikke hører til jer."
        }
        await town.person("tim").submit(
            await town.window(town.person("tim")), {("reason", "text"): "Ikke vores vej."}
        )
        await town.settle()
        assert "Mangler: koordinatorens afgørelse" in _said(card)
        [question] = town.sandbox.channel(KOORD).messages
        assert "mener ikke, at høringssvaret hører til dem. Sendt tilbage af : Ikke vores vej." in _said(
            question
        )
        karen = town.person("karen")
        await karen.click(question, "departments", choose=["boern"])
        await town.person("gitte").click(question, "place_again")
        await town.told("gitte", KOORD, "Det kan kun høringens koordinatorer gøre.")
        await karen.click(question, "place_again")
        await karen.click(question, "place_again")
        await town.told("karen", KOORD, "er allerede fordelt.")
        await town.settle()
        assert len(town.cards(BOERN)) == 1
        assert "Fordelt til Børne- og Ungeforvaltningen." in _said(question)
        assert "Sendt videre til Børne- og Ungeforvaltningen" in _said(card)


async def test_a_department_may_answer_in_two_threads_about_two_themes(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        themes = {"this": "Cykelsti", "other": "cykelsti"}
        assert "Vælg et andet navn" in (await _pick(town, "tim", card, "split", themes))["other"]
        await town.person("tim").submit(
            await town.window(town.person("tim")), {("other", "text"): "Parkering"}
        )
        await town.settle()
        first, second = town.cards(TEKNIK)
        assert ("Tema: Cykelsti" in _said(first), "Tema: Parkering" in _said(second)) == (True, True)
        assert town.ours(second, "text")


async def test_whether_the_proposal_changes_stands_on_the_card(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        wrong = await _pick(town, "tim", card, "change", {"verdict": "yes", "what": ""})
        assert wrong == {"what": "Skriv kort, hvad der ændres."}
        await town.person("tim").submit(
            await town.window(town.person("tim")),
            {("what", "text"): "Stien bliver bredere.\nDen får lys."},
        )
        await town.settle()
        assert "Ændrer forslaget: Ja – Stien bliver bredere. Den får lys. (ikke godkendt)" in _said(card)
        assert await _pick(town, "tove", card, "change", {}) == {}
        assert "Ændrer forslaget: Ja – Stien bliver bredere. Den får lys." in _said(card)
        assert "(ikke godkendt)" not in _said(card)
        await _pick(town, "tim", card, "change", {"verdict": "no"})
        assert "Ændrer forslaget: Nej" in _said(card)


async def test_a_submission_in_several_messages_can_be_read_in_one_piece(database_url: str) -> None:
    async with bench(database_url, wanted=replace(plan(), four_eyes=False)) as town:
        card = await town.one_card(LONG)
        await town.person("tim").click(card, "more", choose=_value(card, "whole"))
        view = await town.window(town.person("tim"))
        assert "".join(e["text"] for b in view.blocks for e in b["elements"][0]["elements"]) == LONG.strip()


async def test_the_mail_itself_comes_into_the_thread_unless_it_is_a_private_persons(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        card, tim = await town.one_card(), town.person("tim")
        for _ in range(2):
            await tim.click(card, "more", choose=_value(card, "mail"))
        await town.told("tim", TEKNIK, "Mailen ligger allerede i tråden.")
        await town.settle()
        await town.until(lambda: any(each.files for each in town.thread(card)))
        [mail] = [file for each in town.thread(card) for file in each.files]
        assert (mail.name, b"formand@cyklister.example" in mail.content) == ("hoeringssvar-1.eml", True)
        await town.receive(OTHER + " Og en cykelsti.", sender="ane@borger.example", number=7)
        private = town.card_now(TEKNIK, 2)
        assert private is not None
        assert "Hent den oprindelige mail" not in shown(private)


async def test_a_mail_whose_sender_is_private_by_the_time_it_is_shared_stays_with_us(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        card, tim = await town.one_card(), town.person("tim")
        await tim.click(card, "more", choose=_value(card, "mail"))
        await town.heard()
        async with town.database.begin() as store:
            submission = await store.submissions.by_number(town.hearing.id, 1)
            assert submission is not None
            (await store.submissions.party(submission.party_id)).kind = PartyKind.BORGER
        await town.settle()
        assert town.sandbox.space.files == {}
        assert "Mailen vises ikke i Slack" in town.thread(card)[-1].text


async def test_a_card_counts_the_days_and_is_drawn_again_when_one_has_gone_by(database_url: str) -> None:
    async with bench(database_url) as town:
        card, until = await town.one_card(), town.hearing.answer_deadline
        told = {-40: "mere end 30 dage over", -2: "2 dage over", -1: "1 dag over", 0: "i dag", 1: "i morgen"}
        async with town.database.begin() as store:
            post = await store.posts.by_ts(card.channel, card.ts)
            assert post is not None
            for days, saying in (told | {3: "3 dage tilbage"}).items():
                picture = (await drawn(post, store=store, now=until - timedelta(days=days, hours=1))).picture
                assert f"({saying})" in words(list(picture.blocks))
            post.shown = "what stood there yesterday"
            await show_days(store=store, now=until)
        shown_before = card.edited
        await town.settle()
        assert card.edited != shown_before


def _value(card: Message, act: str) -> str:
    menu = next(e for block in card.blocks for e in block.get("elements", ()) if e.get("type") == "overflow")
    return next(str(each["value"]) for each in menu["options"] if each["value"].startswith(f"{act}:"))
