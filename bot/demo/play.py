"""The demo's people at work in Slack: they see what stands there, and do what people do there."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from bot.demo.progress import Step, Told
from bot.demo.shapes import Act, How, Material, Person, Piece, Role, Scene
from bot.demo.sight import Sight, Stuck, has_button, says
from bot.sandbox import Answer, File, Message, Unanswered, View
from bot.sandbox.people import Key
from bot.sandbox.people import Person as Driver
from bot.slack.listeners.shortcuts import APPROVE, USE
from bot.slack.views import blocks, questions
from handlers.talk.progress import State
from storage.asked import Verdict
from storage.words import PartyKind

_YES = "white_check_mark"
_TEXT = ("body", "text")
_POINT = "•"  # before each thing that is missing
_OPENS_WITHIN = 5.0  # seconds until somebody clicks again for a form that does not open
_TRIES = 4


@dataclass(slots=True)
class Play:
    """Everybody who has a part in it. Each person has one form open at a time."""

    material: Material
    sight: Sight
    told: Told
    _hands: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def work(self) -> None:
        """Answer everything: the departments at the same time, a submission's remarks in their order.

        Raises:
            Stuck, ExceptionGroup: something that people wait for never came.
        """
        scenes, clerks = self.material.scenes, self._coordinators()
        self.told.begin(Step.LAY, sum(len({act.department for act in scene.acts}) for scene in scenes))
        self.told.begin(Step.DECIDE, sum(bool(scene.admitted_by) for scene in scenes))
        self.told.begin(Step.APPROVE, sum(len(scene.acts) for scene in scenes))
        self.told.begin(Step.SUMMARISE, len(scenes))
        unknown = [scene for scene in scenes if scene.identified_by]
        self.told.begin(Step.IDENTIFY, len(unknown))
        async with asyncio.TaskGroup() as group:
            for index, clerk in enumerate(clerks):
                group.create_task(self._summarise(clerk.id, scenes[index :: len(clerks)]))
            for scene in scenes:
                group.create_task(self._answer(scene))
            for scene in unknown:
                group.create_task(self._identify(scene))

    async def notat(self) -> tuple[File, ...]:
        """Ask until nothing is missing, then for the notat; its files once they stand in the channel."""
        clerk, room = self._coordinators()[0], self._room("")
        for _ in range(round(self.sight.patience)):
            answer = await self._ask(clerk.id, "mangler")
            if _POINT not in answer:
                break
            await asyncio.sleep(1)
        else:
            raise Stuck(f"Something is still missing:\n{answer}")
        before = {each.ts for each in self.sight.sandbox.channel(room).messages}
        await self._ask(clerk.id, "notat")
        delivered = await self.sight.wait(lambda: self._delivered(room, before), what="the notat's files")
        if says_draft := [file.name for file in delivered.files if "udkast" in file.name]:
            raise Stuck(f"The notat is only a draft: {', '.join(says_draft)}")
        return tuple(delivered.files)

    async def _answer(self, scene: Scene) -> None:
        """One submission: placed if it must be, then remark by remark."""
        if scene.placed:
            await self._place(scene)
        if scene.admitted_by:
            await self._admit(scene)
        async with asyncio.TaskGroup() as group:
            for department in {act.department for act in scene.acts}:
                group.create_task(self._arrived(department, scene))
            approvals: dict[str, asyncio.Task[None]] = {}
            for act in scene.acts:
                earlier = approvals.get(act.department)
                if earlier is not None:
                    await earlier
                card = await self._card(act.department, scene)
                said = await self._write(act, card)
                await self._taken(act, card, again=earlier is not None)
                approvals[act.department] = group.create_task(self._approve(act, card, said))

    async def _arrived(self, department: str, scene: Scene) -> None:
        await self._card(department, scene)
        self.told.advance(Step.LAY)

    async def _place(self, scene: Scene) -> None:
        """The coordinator chooses the departments and clicks."""
        clerk, text, room = self._driver(scene.placed_by), self._text(scene), self._room("")
        asked = await self.sight.wait(
            lambda: self.sight.asked(room, text), what=f"the question about {scene.party}"
        )
        await _insist(lambda: clerk.click(asked, blocks.CHOOSE, choose=list(scene.placed)))
        await _insist(lambda: clerk.click(asked, blocks.PLACE))

    async def _admit(self, scene: Scene) -> None:
        """The coordinator takes in a submission that came after the deadline."""
        clerk, text, room = self._driver(scene.admitted_by), self._text(scene), self._room("")
        asked = await self.sight.wait(
            lambda: self.sight.question(room, text, Verdict.ADMITTED),
            what=f"the question whether {scene.party} is too late",
        )
        await _insist(lambda: clerk.click(asked, f"{questions.DECIDE}:{Verdict.ADMITTED}"))
        self.told.advance(Step.DECIDE)

    async def _write(self, act: Act, card: Message) -> Message | None:
        """Talk it over in the thread, then write; the message that was written, None from a form."""
        for line in act.talk:
            await self._driver(line.by).say(card.channel, line.text, thread=card)
        author = self._driver(act.by)
        if act.how == How.MODAL:
            await self._fill_in(author, lambda: author.click(card, blocks.WRITE), {_TEXT: act.text})
            return None
        said = await author.say(card.channel, act.text, thread=card)
        if act.how == How.BUTTON:
            await _insist(lambda: author.shortcut(said, USE))
        elif act.how == How.SHORTCUT:
            await _insist(lambda: self._driver(act.approved_by).shortcut(said, APPROVE))
        else:
            await self._driver(act.approved_by).react(said, _YES)
        return said

    async def _taken(self, act: Act, card: Message, *, again: bool) -> None:
        """Wait until the thread or its card shows that the bot has taken the text for a remark."""

        def taken() -> bool:
            done = not again and self.sight.state(card, State.APPROVED)
            return done or self.sight.state(card, State.TO_APPROVE) or bool(self.sight.draft(card, act.text))

        await self.sight.wait(taken, what=f"the draft of a remark by {act.department}")

    async def _approve(self, act: Act, card: Message, said: Message | None) -> None:
        """Click where that is the way, and see that it counts."""
        if act.how in (How.BUTTON, How.MODAL):
            draft = await self.sight.wait(
                lambda: self._open_draft(card, act.text), what=f"a draft by {act.department}"
            )
            approver = self._driver(act.approved_by)
            await _insist(lambda: approver.click(draft, blocks.APPROVE))
        await self.sight.wait(
            lambda: self._approved(act, card, said), what=f"an approval by {act.department}"
        )
        self.told.advance(Step.APPROVE)

    def _open_draft(self, card: Message, text: str) -> Message | None:
        draft = self.sight.draft(card, text)
        return draft if draft is not None and has_button(draft, blocks.APPROVE) else None

    def _approved(self, act: Act, card: Message, said: Message | None) -> bool:
        draft = self.sight.draft(card, act.text)
        if draft is not None and not has_button(draft, blocks.APPROVE):
            return says(draft, blocks.words("draft_approved").strip())
        return said is not None and act.how != How.BUTTON and self.sight.state(card, State.APPROVED)

    async def _summarise(self, clerk: str, scenes: tuple[Scene, ...]) -> None:
        """Read each submission and write what it says."""
        person, room = self._driver(clerk), self._room("")
        for scene in scenes:
            card = await self._card(scene.acts[0].department, scene)
            await self._heard_all(scene, card)
            ask = partial(person.command, "/hoering", f"resume {self.sight.number(card)}", channel=room)
            await self._fill_in(person, ask, {_TEXT: scene.summary})
            self.told.advance(Step.SUMMARISE)

    async def _heard_all(self, scene: Scene, card: Message) -> None:
        """Wait until what the party wrote later stands in the thread too."""
        later = self._piece(scene).later
        if later:
            what = f"the later mail of {scene.party}"
            await self.sight.wait(lambda: self.sight.under(card, later), what=what)

    async def _identify(self, scene: Scene) -> None:
        """The coordinator says who a sender is that only its mail names, or where a private one lives."""
        person, piece = self._driver(scene.identified_by), self._piece(scene)
        number = self.sight.number(await self._card(scene.acts[0].department, scene))
        ask = partial(person.command, "/hoering", f"part {number}", channel=self._room(""))
        typed: dict[Key, str] = {("kind", "choice"): str(piece.kind), ("street", "text"): piece.street}
        if piece.kind != PartyKind.BORGER:
            typed |= {(field, "text"): piece.party for field in ("list_name", "heading_name")}
        await self._fill_in(person, ask, typed)
        self.told.advance(Step.IDENTIFY)

    async def _fill_in(
        self, person: Driver, ask: Callable[[], Awaitable[Answer]], typed: Mapping[Key, str]
    ) -> None:
        """Ask for a form, fill it in, and send it."""
        async with self._hands[person.id]:
            form = await self._form(person, ask)
            answer = await person.submit(form, typed)
        if answer.errors:
            raise Stuck(f"A form was sent back: {'; '.join(answer.errors.values())}")

    async def _form(self, person: Driver, ask: Callable[[], Awaitable[Answer]]) -> View:
        for _ in range(_TRIES):
            await _insist(ask)
            try:
                return await self.sight.sandbox.until(partial(_open_form, person), timeout=_OPENS_WITHIN)
            except TimeoutError:
                continue
        raise Stuck("A form does not open.")

    async def _ask(self, clerk: str, words: str) -> str:
        """Type a command; what the bot answers, which only the asker sees."""
        person, room = self._driver(clerk), self._room("")
        before = len(person.ephemerals(room))
        await _insist(lambda: person.command("/hoering", words, channel=room))
        answers = await self.sight.wait(lambda: person.ephemerals(room)[before:], what=f"/hoering {words}")
        return answers[-1].text

    def _delivered(self, room: str, before: set[str]) -> Message | None:
        messages = self.sight.sandbox.channel(room).messages
        return next((each for each in messages if each.ts not in before and len(each.files) == 3), None)

    async def _card(self, department: str, scene: Scene) -> Message:
        room, text = self._room(department), self._text(scene)
        return await self.sight.wait(
            lambda: self.sight.card(room, text), what=f"the card of {scene.party} for {department}"
        )

    def _coordinators(self) -> list[Person]:
        return [person for person in self.material.people if person.role == Role.COORDINATOR]

    def _driver(self, person: str) -> Driver:
        return self.sight.sandbox.person(person)

    def _room(self, department: str) -> str:
        return next(room.id for room in self.material.rooms if room.department == department)

    def _text(self, scene: Scene) -> str:
        return self._piece(scene).text

    def _piece(self, scene: Scene) -> Piece:
        return next(piece for piece in self.material.pieces if piece.key == scene.submission)


def _open_form(person: Driver) -> View | None:
    """What a person has open, once it can be filled in."""
    view = person.modal()
    return view if view is not None and view.source.get("submit") else None


async def _insist(deed: Callable[[], Awaitable[Answer]]) -> None:
    """Do it again when the app was silent, as people do when nothing happens."""
    for _ in range(_TRIES):
        try:
            await deed()
        except Unanswered:
            continue
        return
    raise Stuck("The bot does not answer clicks and commands.")
