"""What slack_bolt itself makes of the sandbox, over a websocket and over signed HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Fault, Mode, Pace, Sandbox, SlackError, Unanswered
from tests.sandbox.building import actions, button, entry, modal, plain
from tests.sandbox.world import CONFIG, App, bolt_app, by_http, by_socket

Json = dict[str, Any]
FORM = modal(entry("text", {"type": "rich_text_input"}))


async def test_what_a_person_says_reaches_the_app_as_rich_text(app: App) -> None:
    @app.bolt.event("message")
    async def heard(event: Json) -> None:
        app.got.append(event)

    said = await app.sandbox.person("anna").say("teknik", "Stien er *for* smal & våd")
    event = await app.sandbox.until(lambda: app.got and app.got[0])
    assert event["text"] == "Stien er *for* smal &amp; våd"
    assert event["ts"] == said.ts
    bold = event["blocks"][0]["elements"][0]["elements"][1]
    assert bold == {"type": "text", "text": "for", "style": {"bold": True}}


async def test_a_middleware_that_fails_before_the_ack_gets_the_event_again(app: App) -> None:
    tries: list[str] = []

    @app.bolt.middleware
    async def keep(body: Json, next_: Any) -> None:
        tries.append(body["event_id"])
        if len(tries) == 1:
            raise RuntimeError("the store is down")
        await next_()

    @app.bolt.event("message")
    async def heard(event: Json) -> None:
        app.got.append(event)

    await app.sandbox.person("anna").say("teknik", "Hej")
    await app.sandbox.until(lambda: app.got)
    assert len(tries) == 2
    assert len(set(tries)) == 1


async def test_the_app_does_not_hear_itself_but_is_told_of_others(app: App) -> None:
    @app.bolt.event("message")
    async def heard(event: Json) -> None:
        app.got.append(event["text"])

    await app.client.chat_postMessage(channel="C1TEKNIK", text="fra appen")
    await app.sandbox.person("bo").say("teknik", "fra Bo")
    await app.sandbox.until(lambda: app.got and not app.sandbox.unacknowledged)
    assert app.got == ["fra Bo"]


async def test_channels_without_the_app_are_silent(app: App) -> None:
    @app.bolt.event("message")
    async def heard(event: Json) -> None:
        app.got.append(event["text"])

    await app.sandbox.person("bo").say("boern", "uden appen")
    await app.client.conversations_join(channel="C2BOERN")
    await app.sandbox.person("bo").say("boern", "med appen")
    await app.sandbox.until(lambda: app.got)
    assert app.got == ["med appen"]


async def test_the_answer_to_a_command_is_seen_by_the_asker_only(app: App) -> None:
    @app.bolt.command("/hoering")
    async def status(ack: Any, command: Json) -> None:
        await ack(f"{command['text']} af {command['user_id']}")

    await app.sandbox.person("anna").command("/hoering", "status", channel="teknik")
    assert [each.text for each in app.sandbox.person("anna").ephemerals("teknik")] == ["status af U1ANNA"]
    assert app.sandbox.person("bo").ephemerals("teknik") == []
    assert app.sandbox.channel("teknik").messages == []


async def test_a_button_opens_a_modal_and_its_form_comes_back_filled_in(app: App) -> None:
    @app.bolt.action("press")
    async def pressed(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        app.got.append(body["actions"][0]["value"])
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.bolt.view("form")
    async def sent(ack: Any, view: Json) -> None:
        await ack()
        app.got.append(view["state"]["values"]["text"]["a"]["rich_text_value"]["elements"][0]["type"])

    anna = app.sandbox.person("anna")
    await app.client.chat_postMessage(channel="C1TEKNIK", text="kort", blocks=actions(button("press", "7")))
    await anna.click(app.sandbox.channel("teknik").messages[0], "press")
    answer = await anna.submit(await app.sandbox.until(anna.modal), {("text", "a"): "- et punkt"})
    assert not answer.errors
    assert anna.modal() is None
    assert app.got == ["7", "rich_text_list"]


async def test_a_form_with_errors_stays_open(app: App) -> None:
    @app.bolt.shortcut("approve")
    async def used(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.bolt.view("form")
    async def sent(ack: Any) -> None:
        await ack(response_action="errors", errors={"text": "For kort"})

    anna = app.sandbox.person("anna")
    await anna.shortcut(await anna.say("teknik", "Et svar"), "approve")
    view = await app.sandbox.until(anna.modal)
    assert (await anna.submit(view)).errors == {"text": "Please complete this required field."}
    assert (await anna.submit(view, {"a": "x"})).errors == {"text": "For kort"}
    assert anna.modal() is view


async def test_a_form_may_be_answered_with_another(app: App) -> None:
    @app.bolt.shortcut("approve")
    async def used(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.bolt.view("form")
    async def sent(ack: Any) -> None:
        await ack(response_action="push", view=modal(callback_id="second"))

    @app.bolt.view("second")
    async def sent_again(ack: Any) -> None:
        await ack(response_action="update", view=modal(callback_id="third"))

    @app.bolt.view("third")
    async def sent_at_last(ack: Any) -> None:
        await ack(response_action="clear")

    anna = app.sandbox.person("anna")
    await anna.shortcut(await anna.say("teknik", "Et svar"), "approve")
    await anna.submit(await app.sandbox.until(anna.modal), {"a": "x"})
    for expected in ("second", "third"):
        view = anna.modal()
        assert view
        assert view.callback_id == expected
        await anna.submit(view)
    assert anna.modal() is None


async def test_closing_is_told_only_to_who_asked(app: App) -> None:
    @app.bolt.shortcut("approve")
    async def used(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(notify_on_close=True))

    @app.bolt.view_closed("form")
    async def closed(ack: Any, body: Json) -> None:
        await ack()
        app.got.append(body["is_cleared"])

    anna = app.sandbox.person("anna")
    await anna.shortcut(await anna.say("teknik", "Et svar"), "approve")
    await anna.close(await app.sandbox.until(anna.modal))
    assert app.got == [False]


async def test_a_shortcut_carries_the_message_as_it_stood_at_the_click(app: App) -> None:
    @app.bolt.shortcut("approve")
    async def used(ack: Any, body: Json) -> None:
        await ack()
        app.got.append((body["message"]["text"], body["message"]["edited"]["user"]))

    anna = app.sandbox.person("anna")
    said = await anna.say("teknik", "Første ord")
    await anna.edit(said, "Sidste ord")
    await anna.shortcut(said, "approve")
    assert app.got == [("Sidste ord", "U1ANNA")]


async def test_a_response_url_answers_five_times(app: App) -> None:
    @app.bolt.action("press")
    async def pressed(ack: Any, respond: Any) -> None:
        await ack()
        app.got.extend([(await respond(f"nr. {n}", replace_original=False)).status_code for n in range(6)])

    anna = app.sandbox.person("anna")
    await app.client.chat_postMessage(channel="C1TEKNIK", text="kort", blocks=actions(button("press")))
    await anna.click(app.sandbox.channel("teknik").messages[0], "press")
    await app.sandbox.until(lambda: len(anna.ephemerals("teknik")) == 5)
    await app.sandbox.until(lambda: app.got)
    assert app.got == [200] * 5 + [404]


async def test_options_are_asked_for_while_somebody_types(app: App) -> None:
    menu = {"type": "external_select", "min_query_length": 0}

    @app.bolt.shortcut("approve")
    async def used(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(entry("party", menu)))

    @app.bolt.options("a")
    async def found(ack: Any, payload: Json) -> None:
        await ack(options=[{"text": plain(payload["value"].title()), "value": "1"}])

    @app.bolt.view("form")
    async def sent(ack: Any, view: Json) -> None:
        await ack()
        app.got.append(view["state"]["values"]["party"]["a"]["selected_option"]["value"])

    anna = app.sandbox.person("anna")
    await anna.shortcut(await anna.say("teknik", "Et svar"), "approve")
    view = await app.sandbox.until(anna.modal)
    options = await anna.options(view, "a", "sejlklub")
    assert options[0]["text"]["text"] == "Sejlklub"
    await anna.submit(view, {"a": options[0]})
    assert app.got == ["1"]


async def test_the_home_tab_is_shown_when_it_is_opened(app: App) -> None:
    @app.bolt.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("Dine høringer")}]}
        await client.views_publish(user_id=event["user"], view=view)

    anna = app.sandbox.person("anna")
    await anna.open_home()
    home = await app.sandbox.until(anna.home)
    assert home.blocks[0]["text"]["text"] == "Dine høringer"


async def test_a_file_appears_in_its_thread_a_moment_after_the_upload(app: App) -> None:
    root = await app.client.chat_postMessage(channel="C1TEKNIK", text="kort")
    thread = str(root["ts"])
    answer = await app.client.files_upload_v2(
        channel="C1TEKNIK", thread_ts=thread, filename="svar.txt", content="Kære kommune"
    )
    assert answer["file"]["shares"] == {}
    replies = await app.sandbox.until(lambda: app.sandbox.channel("teknik").thread(thread)[1:])
    assert replies[0].files[0].content == "Kære kommune".encode()


async def test_metadata_is_given_back_only_when_asked_for(app: App) -> None:
    metadata = {"event_type": "job", "event_payload": {"key": "k1"}}
    await app.client.chat_postMessage(channel="C1TEKNIK", text="kort", metadata=metadata)
    without = await app.client.conversations_history(channel="C1TEKNIK")
    asked = await app.client.conversations_history(channel="C1TEKNIK", include_all_metadata=True)
    assert "metadata" not in without["messages"][0]
    assert asked["messages"][0]["metadata"] == metadata


async def test_an_app_that_is_silent_shows_the_person_an_error() -> None:
    async with Sandbox(replace(CONFIG, ack_seconds=0.1)).running() as sandbox:
        bolt = AsyncApp(client=AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url))

        @bolt.command("/hoering")
        async def never() -> None:
            await asyncio.sleep(0.3)

        async with by_socket(sandbox, bolt):
            with pytest.raises(Unanswered):
                await sandbox.person("anna").command("/hoering", "status", channel="teknik")


async def test_the_sixth_post_in_a_second_is_told_to_wait() -> None:
    async with Sandbox(replace(CONFIG, pace=Pace(burst=5))).running() as sandbox:
        client = bolt_app(sandbox).client
        for n in range(5):
            await client.chat_postMessage(channel="C1TEKNIK", text=str(n))
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel="C1TEKNIK", text="for meget")
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "1"
        await client.chat_postMessage(channel=sandbox.direct("U1ANNA").id, text="en anden kanal")
        assert len(sandbox.channel("teknik").messages) == 5


async def test_events_wait_for_an_app_that_was_away() -> None:
    async with Sandbox(replace(CONFIG, retry_delays=(0.2, 0.3, 0.5, 1.0))).running() as sandbox:
        await sandbox.person("anna").say("teknik", "mens appen var væk")
        bolt = bolt_app(sandbox)
        got: list[str] = []

        @bolt.event("message")
        async def heard(event: Json) -> None:
            got.append(event["text"])

        async with by_socket(sandbox, bolt):
            await sandbox.until(lambda: got)
        assert got == ["mens appen var væk"]


async def test_events_go_on_after_slack_ended_the_connection() -> None:
    async with Sandbox(CONFIG).running() as sandbox:
        bolt = bolt_app(sandbox)
        got: list[str] = []

        @bolt.event("message")
        async def heard(event: Json) -> None:
            got.append(event["text"])

        async with by_socket(sandbox, bolt):
            await sandbox.disconnect()
            await sandbox.until(lambda: sandbox.connections)
            await sandbox.person("anna").say("teknik", "efter skiftet")
            await sandbox.until(lambda: got)
            sandbox.cut()
            await sandbox.until(lambda: sandbox.connections)
            await sandbox.person("anna").say("teknik", "efter bruddet")
            await sandbox.until(lambda: len(got) == 2)


@pytest.mark.parametrize("fault", [Fault.DUPLICATE, Fault.LOSE, Fault.REORDER])
async def test_events_go_wrong_when_asked_to(fault: Fault) -> None:
    expected = {
        Fault.DUPLICATE: ["et", "et", "to", "tre"],
        Fault.LOSE: ["to", "tre"],
        Fault.REORDER: ["to", "et", "tre"],
    }
    async with Sandbox(CONFIG).running() as sandbox:
        bolt = bolt_app(sandbox)
        got: list[str] = []

        @bolt.event("message")
        async def heard(event: Json) -> None:
            got.append(event["text"])

        async with by_socket(sandbox, bolt):
            sandbox.faults.next("message", fault)
            for word in ("et", "to", "tre"):
                await sandbox.person("anna").say("teknik", word)
                await sandbox.until(lambda: not sandbox.unacknowledged)
            await sandbox.until(lambda: len(got) == len(expected[fault]))
        assert got == expected[fault]


async def test_a_request_that_somebody_else_signed_is_refused_by_the_app() -> None:
    async with Sandbox(replace(CONFIG, mode=Mode.HTTP, signing_secret="another")).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
        bolt = AsyncApp(client=client, signing_secret="the-right-one")
        async with by_http(sandbox, bolt):
            with pytest.raises(Unanswered):
                await sandbox.person("anna").command("/hoering", "status", channel="teknik")


async def test_a_command_that_nobody_made_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(SlackError, match="unknown_command"):
        await sandbox.person("anna").command("/andet", channel="teknik")
