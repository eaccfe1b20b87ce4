"""The buttons of a draft, and the eyes that must have seen it."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.config import GroupSpec
from tests.slack.bench import bench, quick
from tests.slack.threads import ANSWER, OTHER, approved, marked, remarks
from tests.world import TEKNIK, plan, shown


async def test_a_button_that_shows_an_older_text_is_refused(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, answer, draft = await marked(town)
        old = replace(draft, blocks=[dict(each) for each in draft.blocks])
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        await town.person("tove").click(old, "approve_remark")
        await town.told("tove", TEKNIK, "Teksten er ændret, siden den blev vist.")
        assert await approved(town) == []


async def test_a_double_click_approves_once(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, _answer, draft = await marked(town)
        await town.person("tove").click(draft, "approve_remark")
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        [facts] = await remarks(town)
        assert len(facts.approvals) == 1
        await town.told("tove", TEKNIK, "Bemærkningen er allerede godkendt af <@U0TOVE>.")


async def test_the_draft_has_a_button_that_takes_the_approval_back(database_url: str) -> None:
    async with bench(database_url) as town:
        card, _answer, draft = await marked(town)
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        [draft] = town.ours(card, "draft")
        await town.person("tim").click(draft, "withdraw_approval")
        await town.told("tim", TEKNIK, "Kun forvaltningens godkendere og høringens koordinatorer")
        await town.person("karen").click(draft, "withdraw_approval")
        await town.settle()
        [draft] = town.ours(card, "draft")
        assert "Genåbnet. Venter på godkendelse igen" in shown(draft)
        assert "U0KAREN" in repr(draft.blocks)
        assert await approved(town) == []
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        assert await approved(town) == [ANSWER]


async def test_everybody_in_a_user_group_approves_and_deputies_too(database_url: str) -> None:
    group = GroupSpec(id="S0TEKNIK", name="Teknikchefer", handle="teknikchefer", members=("U0TOVE",))
    first, *rest = plan().departments
    led = replace(first, approvers=("S0TEKNIK",), deputies=("U0KAREN",))
    wanted = replace(plan(), departments=(led, *rest))
    async with bench(database_url, wanted=wanted, config=quick(groups=(group,))) as town:
        card, answer, draft = await marked(town)
        await town.person("tim").click(draft, "approve_remark")
        await town.told("tim", TEKNIK, "Kun forvaltningens godkendere")
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        await town.person("tim").edit(answer, OTHER)
        await town.settle()
        await town.person("karen").click(town.ours(card, "draft")[0], "approve_remark")
        await town.settle()
        assert await approved(town) == [OTHER]


async def test_a_click_by_who_may_not_approve_is_refused(database_url: str) -> None:
    async with bench(database_url) as town:
        _card, _answer, draft = await marked(town)
        await town.person("tim").click(draft, "approve_remark")
        await town.told("tim", TEKNIK, "Kun forvaltningens godkendere kan godkende.")
        assert await approved(town) == []


async def test_with_four_eyes_nobody_approves_their_own_words(database_url: str) -> None:
    async with bench(database_url) as town:
        card = await town.one_card()
        own = await town.person("tove").say(TEKNIK, ANSWER, thread=card)
        await town.heard()
        await town.person("tove").shortcut(own, "approve_reply")
        await town.told("tove", TEKNIK, "at en anden end forfatteren godkender")
        assert await approved(town) == []


async def test_without_four_eyes_they_may(database_url: str) -> None:
    async with bench(database_url, wanted=replace(plan(), four_eyes=False)) as town:
        card = await town.one_card()
        own = await town.person("tove").say(TEKNIK, ANSWER, thread=card)
        await town.person("tove").shortcut(own, "approve_reply")
        await town.settle()
        assert await approved(town) == [ANSWER]


async def test_a_remark_longer_than_a_message_is_shown_in_several_and_approved_whole(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        tim, tove = town.person("tim"), town.person("tove")
        card, _answer, _draft = await marked(town)
        long = [f"{letter} " * 2_900 for letter in "abc"]
        said = [await tim.say(TEKNIK, text, thread=card) for text in long]
        for message in said:
            await tim.shortcut(message, "use_as_remark")
        await town.settle()
        draft, *more = town.ours(card, "draft")
        assert "står i 3 beskeder. Læs dem alle, før den godkendes." in shown(draft)
        together = shown(draft) + "".join(map(shown, more))
        assert [together.count(f"{letter} {letter}") for letter in "abc"] == [1_450] * 3
        old = replace(draft, blocks=[dict(each) for each in draft.blocks])
        await tim.edit(said[2], OTHER)
        await town.settle()
        await tove.click(old, "approve_remark")
        await town.told("tove", TEKNIK, "Teksten er ændret, siden den blev vist.")
        await tove.react(town.ours(card, "draft")[1], "white_check_mark")
        await town.settle()
        [text] = await approved(town)
        assert text.startswith(ANSWER)
        assert text.endswith(OTHER)
        assert "som nu er kortere" in shown(town.ours(card, "draft")[2])
