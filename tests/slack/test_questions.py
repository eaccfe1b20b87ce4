"""What coordinators are asked in Slack, and what comes of their clicks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox import Message
from handlers.doubt.ask import tell
from handlers.hearing.apply import apply
from storage.asked import About, Verdict
from storage.models import Hearing
from tests.slack.bench import ABOUT_BIKES, Bench, bench, now
from tests.world import KOORD, TEKNIK, key_of, mail, plan, shown, words

CLUB = "formand@cyklister.example"
MORE = "Vi vil også gerne have belysning langs stien."
SAME = (
    "Vi protesterer mod, at cykelstien langs Skovvej bliver nedlagt. Stien bliver brugt hver dag af børn på "
    "vej til skole, af pendlere og af ældre, som ellers må tage bilen. Kommunen bør i stedet gøre den "
    "bredere og sætte lys op, så den er tryg at bruge hele året. Det koster mindre end en ny parkeringsplads."
)


def questions(town: Bench, channel: str = KOORD) -> list[Message]:
    messages = town.sandbox.channel(channel).messages
    return [each for each in messages if key_of(each).startswith("question:")]


def buttons(message: Message) -> list[tuple[str, str, str]]:
    """The buttons of a message: what each says, its verdict, and its look."""
    found = (each for block in message.blocks for each in block.get("elements", ()) if "action_id" in each)
    return [
        (each["text"]["text"], each["action_id"].removeprefix("decide:"), each.get("style", ""))
        for each in found
    ]


def element(message: Message, action: str) -> dict[str, Any]:
    found = (each for block in message.blocks for each in block.get("elements", ()))
    return next(each for each in found if each.get("action_id") == action)


async def the_question(town: Bench) -> Message:
    [question] = questions(town)
    return question


async def clicks(town: Bench, question: Message, verdict: str, *, name: str = "karen") -> None:
    await town.person(name).click(question, f"decide:{verdict}")
    await town.settle()


async def later(town: Bench, text: str = MORE, **about: Any) -> Message:
    """A party's mail, and a later one; the question about it."""
    await town.receive(ABOUT_BIKES)
    await town.receive(text, **{"number": 2, "subject": "Mere"} | about)
    return await the_question(town)


async def test_a_later_mail_is_laid_before_the_coordinator(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await later(town)
        said = shown(question)
        assert question.text == "Ny mail til høringssvar nr. 1 fra Cyklistforeningen Lillerup"
        assert "Hvad er mailen i forhold til høringssvaret?" in said
        assert "Samme afsender har svaret på høringen før, og mailen siger ikke selv, hvad den er." in said
        assert "Emne:  Mere" in said
        assert MORE in said
        assert buttons(question) == [
            ("Supplement", "supplement", "primary"), ("Erstatter", "replaces", ""),
            ("Nyt høringssvar", "new", ""), ("Trukket tilbage", "withdrawn", ""),
            ("Uden betydning", "nothing", ""),
        ]  # fmt: skip
        asked_again = element(question, "decide:withdrawn")["confirm"]
        assert asked_again["title"]["text"] == "Er høringssvaret trukket tilbage?"
        assert "confirm" not in element(question, "decide:supplement")


async def test_a_question_never_names_a_private_person(database_url: str) -> None:
    async with bench(database_url) as town:
        who = {"sender": "ane.bro@borger.example", "name": "Ane Bro"}
        await town.receive(ABOUT_BIKES, **who)
        await town.receive(MORE, number=2, **who)
        question = await the_question(town)
        assert question.text == "Ny mail til høringssvar nr. 1 fra en privatperson"
        assert "Ane Bro" not in shown(question)


async def test_a_decision_is_shown_with_who_took_it_and_what_may_still_be_said(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await later(town)
        await clicks(town, question, "supplement")
        assert "Mailen er et supplement til høringssvaret. Afgjort af" in shown(question)
        assert '"user_id": "U0KAREN"' in str(question.blocks).replace("'", '"')
        assert [verdict for _, verdict, _ in buttons(question)] == ["replaces", "new", "withdrawn", "nothing"]
        assert not [look for _, _, look in buttons(question) if look]


async def test_only_coordinators_decide(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await later(town)
        await clicks(town, question, "supplement", name="gitte")
        await town.told("gitte", KOORD, "Det kan kun høringens koordinatorer gøre.")
        assert "Hvad er mailen i forhold til høringssvaret?" in shown(question)


async def test_a_supplement_stands_in_the_thread_and_on_the_card(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await later(town, files=(("plan.pdf", b"%PDF-1.4 plan"),))
        assert "Filer:  plan.pdf" in shown(question)
        card = await town.card(TEKNIK, 1)
        assert town.ours(card, "follow_up") == []
        await clicks(town, question, "supplement")
        [post] = town.ours(card, "follow_up")
        assert shown(post).startswith("Supplement til høringssvaret, modtaget den ")
        assert MORE in shown(post)
        assert "Suppleret den " in shown(card)
        assert "Se mailen i tråden." in shown(card)
        assert "1 fil i tråden" in shown(card)


async def test_what_turns_out_to_be_something_else_is_no_longer_shown_in_the_thread(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        question = await later(town)
        card = await town.card(TEKNIK, 1)
        await clicks(town, question, "replaces")
        [post] = town.ours(card, "follow_up")
        assert shown(post).startswith("Denne mail erstatter høringssvaret ovenfor, modtaget den ")
        await clicks(town, question, "nothing")
        assert post.text == "Her stod en senere mail, som er uden betydning for høringssvaret."
        assert MORE not in shown(post)
        assert "rstattet" not in shown(card)


async def test_a_new_answer_gets_its_own_card_and_can_not_be_taken_back(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await later(town)
        await clicks(town, question, "new")
        assert MORE in " ".join(shown(each) for each in town.thread(await town.card(TEKNIK, 2)))
        assert "Mailen er et nyt, selvstændigt høringssvar. Afgjort af" in shown(question)
        assert buttons(question) == []


async def test_a_withdrawal_is_told_on_the_card(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await later(town, "Vi trækker vores høringssvar tilbage.")
        await clicks(town, question, "withdrawn")
        card = await town.card(TEKNIK, 1)
        assert "Trukket tilbage den " in shown(card)
        assert "Høringssvaret kommer ikke i notatet." in shown(card)


async def test_the_bots_own_decision_says_why(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await later(town, In_Reply_To="<svar-1@cyklister.example>")
        assert (
            "Lagt til som supplement, fordi afsenderen svarede på kvitteringen eller på en tidligere mail."
            in shown(question)
        )
        assert [verdict for _, verdict, _ in buttons(question)] == ["replaces", "new", "withdrawn", "nothing"]
        [post] = town.ours(await town.card(TEKNIK, 1), "follow_up")
        assert MORE in shown(post)


async def test_what_was_cut_from_a_later_mail_is_one_click_away(database_url: str) -> None:
    async with bench(database_url) as town:
        quoted = "Den 3. sep. 2026 kl. 09.12 skrev Lillerup Kommune:\n> Tak for høringssvaret.\n> Hilsen"
        text = f"{MORE}\n\n{quoted}"
        await later(town, text, In_Reply_To="<svar-1@cyklister.example>")
        [post] = town.ours(await town.card(TEKNIK, 1), "follow_up")
        assert "Tak for høringssvaret." not in shown(post)
        await town.person("tim").click(post, "show_rest")
        view = await town.window(town.person("tim"))
        assert "Tak for høringssvaret." in words(view.blocks)
        assert view.title == "Resten af mailen"


async def test_a_later_mail_that_is_long_follows_whole_as_a_file(database_url: str) -> None:
    async with bench(database_url) as town:
        text = "Der mangler lys ved stien. " * 500
        await later(town, text, In_Reply_To="<svar-1@cyklister.example>")
        card = await town.card(TEKNIK, 1)
        [post] = town.ours(card, "follow_up")
        assert "Mailen er lang. Hele teksten følger som fil." in shown(post)
        [file] = [each for message in town.thread(card) for each in message.files]
        assert file.name.startswith("hoeringssvar-1-senere-mail-")
        assert file.content.decode().strip() == text.strip()


async def test_a_later_mail_of_any_words_is_nothing_but_text(database_url: str) -> None:
    async with bench(database_url) as town:
        hostile = "<!channel> @here <@U0TIM> *fed* `kode` &amp; <https://evil.example|klik>"
        question = await later(town, f"{hostile} " * 400, subject=hostile, files=((hostile, b"%PDF-1.4"),))
        assert hostile in shown(question)
        assert "mrkdwn" not in str(question.blocks)
        assert "<!channel>" not in question.text


async def test_a_later_mail_without_text_says_so_and_names_its_files(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await later(town, " ", files=(("plan.pdf", b"%PDF-1.4 plan"),))
        assert "Mailen er uden tekst." in shown(question)
        assert "Filer:  plan.pdf" in shown(question)
        await clicks(town, question, "supplement")
        [post] = town.ours(await town.card(TEKNIK, 1), "follow_up")
        assert "Mailen er uden tekst. Er der filer med, følger de her i tråden." in shown(post)


async def late(town: Bench) -> Message:
    """A mail came when the deadline was past; the question about it."""
    today = now()
    past = replace(plan(), deadline=today - timedelta(hours=1))
    await again(town, past)
    await town.receive(ABOUT_BIKES)
    return await the_question(town)


async def again(town: Bench, wanted: Any) -> None:
    async with town.database.begin() as store:
        assert isinstance(await apply(wanted, by="test", store=store, now=now()), Hearing)
    await town.settle()


async def test_a_late_submission_is_taken_in_or_left_out_by_the_coordinator(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await late(town)
        assert (
            question.text == "Høringssvar nr. 1 fra Cyklistforeningen Lillerup er kommet efter høringsfristen"
        )
        assert "Skal det tages med i notatet?" in shown(question)
        assert buttons(question) == [("Tag med", "admitted", "primary"), ("Lad ude", "left_out", "")]
        card = await town.card(TEKNIK, 1)
        assert "efter høringsfristen, og det er ikke afgjort, om det tages med" in shown(card)
        await clicks(town, question, "admitted")
        assert "efter høringsfristen, men taget med" in shown(card)
        assert buttons(question) == [("Lad ude", "left_out", "")]
        await clicks(town, question, "left_out")
        assert "efter høringsfristen og ikke taget med i notatet" in shown(card)
        assert "Høringssvaret tages ikke med i notatet. Afgjort af" in shown(question)


async def test_a_later_deadline_answers_the_question(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await late(town)
        await again(town, plan())
        assert shown(question).startswith("Høringssvar nr. 1 fra Cyklistforeningen Lillerup er nu rettidigt")
        assert "Høringssvaret er derfor rettidigt og kommer med i notatet." in shown(question)
        assert buttons(question) == []
        assert "efter høringsfristen" not in shown(await town.card(TEKNIK, 1))


async def test_a_mail_marked_as_spam_becomes_a_submission_when_the_coordinator_says_so(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        await town.receive(ABOUT_BIKES, X_Spam_Flag="YES")
        question = await the_question(town)
        assert question.text == "Er mailen et høringssvar?"
        assert "Mailserveren har markeret mailen som uønsket (spam)." in shown(question)
        assert ABOUT_BIKES in shown(question)
        assert buttons(question) == [
            ("Det er et høringssvar", "submission", ""), ("Det er det ikke", "no_submission", "primary"),
        ]  # fmt: skip
        await clicks(town, question, "submission")
        assert town.card_now("teknik", 1) is not None
        assert buttons(question) == []


async def test_of_a_long_mail_in_doubt_only_the_opening_is_shown(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive("Køb en ny cykel i dag. " * 200, X_Spam_Flag="YES")
        said = shown(await the_question(town))
        assert 2_500 < len(said) < 3_500
        assert "Hele teksten ligger som fil i tråden." in said


async def test_a_mail_that_may_be_for_either_hearing_is_placed_by_its_title(database_url: str) -> None:
    async with bench(database_url) as town:
        departments = tuple(replace(each, channel=f"{each.channel}2") for each in plan().departments)
        harbour = replace(
            plan(), key="havn", title="Plan for havnen", case_number="2026-9", departments=departments
        )
        await again(town, harbour)
        await town.receive("Vi er glade for en bedre cykelsti.", sender="ny@borger.example")
        question = await the_question(town)
        assert question.text == "Hvilken høring hører mailen til?"
        assert buttons(question) == [
            ("Plan for havnen", "havn", ""), ("Helhedsplan for Skovvej", "skovvej", ""),
            ("Ingen af dem", "nothing", ""),
        ]  # fmt: skip
        await clicks(town, question, "skovvej")
        assert town.card_now("teknik", 1) is not None
        assert "Mailen hører til »Helhedsplan for Skovvej«. Afgjort af" in shown(question)
        assert buttons(question) == []


async def campaign(town: Bench) -> Message:
    """Three letters that are nearly the same; the question about them."""
    for number, name in enumerate(("bo", "eva", "ib"), 1):
        text = f"{SAME}\n\nVenlig hilsen\n{name.title()}"
        await town.receive(text, number=number, sender=f"{name}@borger.example")
    return await the_question(town)


async def test_a_campaign_is_answered_together_until_the_coordinator_takes_it_apart(
    database_url: str,
) -> None:
    async with bench(database_url) as town:
        question = await campaign(town)
        assert "3 enslydende høringssvar" in shown(question)
        assert "Nr. 1, 2 og 3 er næsten ordret ens." in shown(question)
        assert "Behandles samlet, fordi teksterne er næsten ens." in shown(question)
        assert buttons(question) == [("Hver for sig", "apart", "")]
        confirm = element(question, "decide:apart")["confirm"]
        assert confirm["text"]["text"].startswith("Hvert af de 3 høringssvar bliver forelagt for sig")
        [card] = town.cards("teknik")
        assert "Bemærkningerne gælder også 2 enslydende høringssvar, nr. 2 og 3." in shown(card)
        await clicks(town, question, "apart")
        assert len(town.cards("teknik")) == 3
        assert "enslydende" not in shown(card)
        assert "Nr. 1, 2 og 3 er næsten ordret ens." in shown(question)
        assert "Høringssvarene behandles hver for sig. Afgjort af" in shown(question)


async def test_a_forwarded_mail_whose_author_is_unsure_is_asked_about(database_url: str) -> None:
    text = (
        "Se nedenfor.\n\n-----Oprindelig meddelelse-----\nFra: Lyngby Cykelklub <klub@lyngbycykel.example>\n"
        f"Sendt: 1. september 2026 10:12\nTil: {CLUB}\nEmne: Stien\n\n{ABOUT_BIKES}"
    )
    async with bench(database_url) as town:
        await town.receive(text, subject="VS: Stien", sender="ny@borger.example", name="Bo Bro")
        question = await the_question(town)
        assert question.text == "Hvem har skrevet høringssvar nr. 1?"
        assert "Mailen er videresendt" in shown(question)
        assert [label for label, _, _ in buttons(question)] == [
            "Den oprindelige afsender", "Den, der videresendte",
        ]  # fmt: skip
        await clicks(town, question, "original")
        assert "Høringsparten er den oprindelige afsender. Afgjort af" in shown(question)
        assert "Høringssvaret er videresendt til kommunen af en anden end afsenderen." in shown(
            await town.card(TEKNIK, 1)
        )


async def missing(town: Bench) -> str:
    karen = town.person("karen")
    before = len(karen.ephemerals(KOORD))
    await karen.command("/hoering", "mangler", channel=KOORD)
    answers = await town.until(lambda: karen.ephemerals(KOORD)[before:])
    return answers[-1].text


async def test_what_nobody_has_decided_is_missing(database_url: str) -> None:
    async with bench(database_url) as town:
        question = await later(town)
        assert "Nr. 1, Cyklistforeningen Lillerup: afgørelse om en senere mail; resumé;" in await missing(
            town
        )
        await clicks(town, question, "nothing")
        assert "afgørelse" not in await missing(town)


async def test_the_status_counts_what_is_not_answered_for_itself(database_url: str) -> None:
    async with bench(database_url) as town:
        await campaign(town)
        await town.receive(ABOUT_BIKES, number=9, sender=CLUB)
        await town.receive("Vi trækker det tilbage.", number=10, sender=CLUB)
        await clicks(town, questions(town)[1], "withdrawn")
        karen = town.person("karen")
        await karen.command("/hoering", "status", channel=KOORD)
        [answer] = await town.until(lambda: karen.ephemerals(KOORD))
        assert (
            "4 høringssvar modtaget, 2 fordelt, 2 behandlet sammen med et enslydende, 1 trukket tilbage."
            in (answer.text)
        )


LINES: dict[str, tuple[dict[str, str | int], str]] = {
    "too_large": ({"size_mb": 48}, "Der er kommet en mail på 48 MB, som er for stor til at blive modtaget."),
    "too_large_refused": ({"limit": 35_000_000}, "En mail på mere end 35 MB blev afvist. Afsenderens mail"),
    "receipt_bounced": (
        {"number": 7, "status": "5.1.1"}, "Kvitteringen for høringssvar nr. 7 kunne ikke leveres (5.1.1).",
    ),
}  # fmt: skip


async def test_a_line_tells_the_coordinators_what_waits_for_nothing(database_url: str) -> None:
    async with bench(database_url) as town:
        async with town.database.begin() as store:
            hearing = await store.hearings.by_id(town.hearing.id)
            for phrase, (values, _) in LINES.items():
                tell(phrase, of=1, hearing=hearing, store=store, now=now(), **values)
        await town.settle()
        told = [
            each.text for each in town.sandbox.channel(KOORD).messages if key_of(each).startswith("line:")
        ]
        assert len(told) == len(LINES)
        for line, (_, begins) in zip(told, LINES.values(), strict=True):
            assert line.startswith(begins)


async def test_a_question_stands_once_however_often_it_is_read(database_url: str) -> None:
    async with bench(database_url) as town:
        await later(town)
        await town.keep(mail(MORE, number=2, subject="Mere").as_bytes())
        await town.settle()
        assert len(questions(town)) == 1


async def test_a_question_not_yet_asked_goes_where_the_coordinators_are_now(database_url: str) -> None:
    async with bench(database_url) as town:
        await town.receive(ABOUT_BIKES)
        await town.keep_and_read(f"{MORE} Tak.", number=2)
        await again(town, replace(plan(), coordination_channel="C0KANTINE"))
        assert questions(town) == []
        assert len(questions(town, "C0KANTINE")) == 1


@pytest.mark.parametrize("verdict", [Verdict.TOGETHER, "skovvej"])
async def test_what_was_never_offered_is_refused(database_url: str, verdict: str) -> None:
    async with bench(database_url) as town:
        question = await later(town)
        async with town.database.begin() as store:
            [asked] = await store.questions.of_hearing(town.hearing.id)
        assert asked.question.about == About.FOLLOW_UP
        button = element(question, "decide:supplement")
        button["value"] = f"{asked.question.id}:{verdict}"
        await clicks(town, question, "supplement")
        await town.told("karen", KOORD, "Det valg findes ikke længere.")
