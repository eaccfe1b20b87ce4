"""What people do at their clients, and what an app is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox import Flags, Sandbox, links, mentions
from tests.sandbox.building import actions, button, options, plain, section
from tests.sandbox.world import Api, heard

if TYPE_CHECKING:
    from bot.sandbox import Message

Json = dict[str, Any]
TEKNIK = {"channel": "C1TEKNIK"}
SURE = {
    "title": plain("Sikker?"),
    "text": plain("Det kan ikke fortrydes."),
    "confirm": plain("Ja"),
    "deny": plain("Nej"),
}


async def events(sandbox: Sandbox, got: list[Json]) -> list[Json]:
    """Wait until all is delivered and give the events."""
    await sandbox.until(lambda: not sandbox.unacknowledged)
    return [each["event"] for each in got if "event" in each]


async def posted(api: Api, **arguments: Any) -> Message:
    body = await api("chat.postMessage", **TEKNIK, **arguments)
    assert body["ok"], body
    return api.sandbox.channel("teknik").message(body["ts"])


async def test_other_clients_send_text_alone(sandbox: Sandbox) -> None:
    anna = sandbox.person("anna")
    said = await anna.say("teknik", "*fed* & <b>", plain=True)
    assert (said.text, said.blocks) == ("*fed* &amp; &lt;b&gt;", [])
    await anna.edit(said, "rettet", plain=True)
    assert (said.text, said.blocks) == ("rettet", [])


async def test_nothing_in_pasted_text_is_markup(sandbox: Sandbox) -> None:
    said = await sandbox.person("anna").paste("teknik", "*ikke fed*\n- <@U2BO>\n")
    [part] = said.blocks[0]["elements"]
    assert part["elements"] == [{"type": "text", "text": "*ikke fed*\n- <@U2BO>\n"}]
    assert mentions(said) == set()


async def test_a_mention_in_a_thread_names_the_thread(sandbox: Sandbox) -> None:
    async with heard(sandbox) as got:
        root = await sandbox.person("bo").say("teknik", "kort")
        await sandbox.person("anna").mention("teknik", "hvor langt er vi?", thread=root)
        [event] = [each for each in await events(sandbox, got) if each["type"] == "app_mention"]
    assert event["thread_ts"] == root.ts
    assert event["text"] == "<@U0SANDBOX> hvor langt er vi?"


async def test_a_reply_may_be_shown_in_the_channel_too(sandbox: Sandbox) -> None:
    root = await sandbox.person("bo").say("teknik", "kort")
    await sandbox.person("anna").reply(root, "kun i tråden")
    shown = await sandbox.person("anna").reply(root, "også i kanalen", broadcast=True)
    assert sandbox.channel("teknik").messages == [root, shown]


async def test_a_deleted_first_message_is_told_as_a_change_and_goes_with_its_last_reply(
    sandbox: Sandbox,
) -> None:
    async with heard(sandbox) as got:
        root = await sandbox.person("bo").say("teknik", "kort")
        reply = await sandbox.person("anna").reply(root, "svar")
        await sandbox.person("bo").delete(root)
        changed = (await events(sandbox, got))[-1]
        await sandbox.person("anna").delete(reply)
        *_, gone, stone = await events(sandbox, got)
    assert (changed["subtype"], changed["message"]["subtype"]) == ("message_changed", "tombstone")
    assert changed["previous_message"]["text"] == "kort"
    assert (gone["deleted_ts"], stone["deleted_ts"]) == (reply.ts, root.ts)
    assert stone["previous_message"]["latest_reply"] == "0000000000.000000"
    assert sandbox.channel("teknik").messages == []


async def test_a_change_that_nobody_made_is_no_edit(sandbox: Sandbox) -> None:
    async with heard(sandbox) as got:
        said = await sandbox.person("anna").say("teknik", "se https://lillerup.example/plan")
        assert sandbox.unfurl(said)
        sandbox.touch(said)
        _said, unfurled, touched = await events(sandbox, got)
    assert [each["subtype"] for each in (unfurled, touched)] == ["message_changed"] * 2
    assert unfurled["message"]["attachments"][0]["from_url"] == "https://lillerup.example/plan"
    assert "edited" not in unfurled["message"]
    assert touched["message"] == touched["previous_message"] == unfurled["message"]


async def test_slack_unfolds_no_link_where_the_app_said_no(api: Api) -> None:
    address = "https://lillerup.example"
    loud = await posted(api, text=address)
    quiet = await posted(api, text=address, unfurl_links=False, unfurl_media=False)
    assert (api.sandbox.unfurl(loud), api.sandbox.unfurl(quiet)) == (True, False)
    assert quiet.flags == Flags(unfurl_links=False, unfurl_media=False)
    await api("chat.update", **TEKNIK, ts=quiet.ts, text=f"ny: {address}")
    assert not links(quiet)


RICH = {"type": "rich_text_section", "elements": [{"type": "text", "text": "@channel <!here>"}]}


@pytest.mark.parametrize(
    ("arguments", "called"),
    [
        ({"text": "@channel og <@U2BO> og <!subteam^S1GODKEND|@godkendere>"}, {"U2BO", "S1GODKEND"}),
        ({"text": "@channel", "link_names": True}, {"channel"}),
        ({"text": "@here", "parse": "full"}, {"here"}),
        ({"text": "&lt;!channel&gt; a@here.example"}, set()),
        ({"text": "a", "blocks": section("<!everyone> og @here")}, {"everyone", "here"}),
        ({"text": "a", "blocks": [{"type": "section", "text": plain("<!channel> @here")}]}, set()),
        ({"text": "a", "blocks": [{"type": "rich_text", "elements": [RICH]}]}, set()),
    ],
)
async def test_it_is_known_whom_a_message_calls_upon(api: Api, arguments: Json, called: set[str]) -> None:
    assert mentions(await posted(api, **arguments)) == called


async def test_who_is_not_sure_sends_nothing(api: Api) -> None:
    async with heard(api.sandbox) as got:
        card = await posted(api, text="kort", blocks=actions(button("press") | {"confirm": SURE}))
        await api.sandbox.person("anna").click(card, "press", sure=False)
        await api.sandbox.person("anna").click(card, "press")
    [click] = [each for each in got if each["type"] == "block_actions"]
    assert click["actions"][0]["confirm"] == SURE


@pytest.mark.parametrize(
    ("element", "choose", "told"),
    [
        ({"type": "static_select", "options": options("ja", "nej")}, "nej", ("selected_option", "nej")),
        ({"type": "overflow", "options": options("ja", "nej")}, "ja", ("selected_option", "ja")),
        ({"type": "radio_buttons", "options": options("ja", "nej")}, "ja", ("selected_option", "ja")),
        ({"type": "checkboxes", "options": options("ja", "nej")}, ["ja"], ("selected_options", ["ja"])),
        ({"type": "users_select"}, "U2BO", ("selected_user", "U2BO")),
        ({"type": "conversations_select"}, "C1TEKNIK", ("selected_conversation", "C1TEKNIK")),
        ({"type": "datepicker"}, "2026-12-04", ("selected_date", "2026-12-04")),
    ],
)
async def test_a_choice_in_a_message_says_what_was_chosen(
    api: Api, element: Json, choose: Any, told: tuple[str, Any]
) -> None:
    async with heard(api.sandbox) as got:
        card = await posted(api, text="kort", blocks=actions({"action_id": "a", **element}))
        await api.sandbox.person("anna").click(card, "a", choose=choose)
    [action] = next(each for each in got if each["type"] == "block_actions")["actions"]
    found = action[told[0]]
    if isinstance(found, list):
        found = [each["value"] for each in found]
    assert (found["value"] if isinstance(found, dict) else found) == told[1]


async def test_a_bot_that_was_thrown_out_is_not_in_the_channel(api: Api) -> None:
    await api.sandbox.person("anna").kick("U0SANDBOX", "teknik")
    assert (await api("chat.postMessage", **TEKNIK, text="a"))["error"] == "not_in_channel"
