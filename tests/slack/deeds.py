"""What people do in threads at random, and what they say yes to as they see it."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from bot.sandbox import Message, Person, View
from bot.sandbox.blockkit import elements_of
from tests.slack.oracle import Act, Line, Texts, Yes, texts_in, written
from tests.slack.truth import Truth
from tests.world import BOERN, TEKNIK, Town, key_of, shown

TICK = "white_check_mark"
MEMBERS = {TEKNIK: ("tove", "tim", "karen"), BOERN: ("birte", "bent", "karen")}
APPROVERS = {TEKNIK: ("tove", "karen"), BOERN: ("birte", "karen")}


@dataclass(slots=True)
class Thread:
    """What people know of a card's thread; `end` is how it ended, if it did."""

    card: Message
    number: int
    lines: list[Line] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)
    end: str = ""

    @property
    def alive(self) -> list[Line]:
        return [each for each in self.lines if not each.deleted]


@dataclass(slots=True)
class Deeds:
    """Each deed gives what was done, for the script of the walk; None when there was nothing to do it with.

    `pending` are the yeses since the last rest, and those taken back; `touched` counts what was done in each
    thread since.
    """

    town: Town
    chance: random.Random
    threads: dict[str, Thread] = field(default_factory=dict)
    truth: Truth = field(default_factory=Truth)
    stormy: bool = False
    pending: list[tuple[Thread, str, Act]] = field(default_factory=list)
    touched: Counter[str] = field(default_factory=Counter)
    _noted: set[int] = field(default_factory=set)
    _written: int = 0

    def _who(self, thread: Thread) -> str:
        return self.chance.choice(MEMBERS[thread.card.channel])

    def _id(self, name: str) -> str:
        return self.town.person(name).id

    def _new_text(self) -> str:
        self._written += 1
        return str(self._written)

    def _line(self, thread: Thread) -> Line | None:
        return self.chance.choice(thread.alive) if thread.alive else None

    def _draft(self, thread: Thread) -> Message | None:
        drafts = self.town.ours(thread.card, "draft")
        return self.chance.choice(drafts) if drafts else None

    async def say(self, thread: Thread) -> str:
        name, text = self._who(thread), self._new_text()
        plain = self.chance.random() < 0.2
        message = await self.town.person(name).say(
            thread.card.channel, written(int(text)), thread=thread.card, plain=plain
        )
        thread.lines.append(Line(message, self._id(name), [text]))
        return f"{name} {text}"

    async def edit(self, thread: Thread) -> str | None:
        line = self._line(thread)
        if line is None:
            return None
        text = self._new_text()
        await self.town.person(line.author).edit(line.message, written(int(text)))
        line.texts.append(text)
        return f"{line.texts[-2]} to {text}"

    async def delete(self, thread: Thread) -> str | None:
        line = self._line(thread)
        if line is None:
            return None
        await self.town.person(line.author).delete(line.message)
        line.deleted = True
        return line.texts[-1]

    async def use(self, thread: Thread) -> str | None:
        line, name = self._line(thread), self._who(thread)
        if line is None:
            return None
        await self.town.person(name).shortcut(line.message, "use_as_remark")
        return f"{name} {line.texts[-1]}"

    async def noise(self, thread: Thread) -> str | None:
        line = self._line(thread)
        if line is None:
            return None
        self.town.sandbox.touch(line.message)
        return f"touch {line.texts[-1]}"

    async def write(self, thread: Thread) -> str | None:
        if not _has(thread.card, "write_remark"):  # opened again, and not drawn so yet
            return None
        name = self._who(thread)
        person = self.town.person(name)
        modal = await self._opened(person, thread, "write_remark")
        text = self._new_text()
        thread.forms[text] = person.id
        await person.submit(modal, {"text": written(int(text))})
        return f"{name} {text}"

    async def note(self, thread: Thread) -> str | None:
        if thread.number in self._noted or not _has(thread.card, "take_note"):
            return None
        self._noted.add(thread.number)
        name = self._who(thread)
        [text] = texts_in("til efterretning", thread.number)
        thread.forms[text] = self._id(name)
        await self.town.person(name).click(thread.card, "take_note")
        return name

    # Saying yes, and taking it back

    def _approves(self, thread: Thread, by: str, *, authors: set[str]) -> bool:
        return by in APPROVERS[thread.card.channel] and self._id(by) not in authors and thread.end != "sent"

    def _yes(self, thread: Thread, about: str, yes: Yes, *, sure: bool = True) -> None:
        self.pending.append((thread, about, Act(sure, yes)))

    def _draft_of(self, thread: Thread, line: Line) -> Message | None:
        drafts = self.town.ours(thread.card, "draft")
        return next((each for each in drafts if line.texts[-1] in self._shown(each, thread)), None)

    def _shown(self, draft: Message, thread: Thread) -> Texts:
        return texts_in(shown(draft), thread.number)

    def _said(self, thread: Thread, line: Line, by: str, *, tick: str = "", sure: bool = True) -> None:
        """Somebody says yes to a message; it counts where they may, and it is a remark's only part."""
        remark = self.truth.remark_of.get(line.texts[0], "")
        authors = self._authors(remark) | {line.author}
        draft = self._draft_of(thread, line)
        alone = draft is None or len(self._shown(draft, thread)) == 1
        if self._approves(thread, by, authors=authors) and (alone or self.touched[thread.card.ts]):
            self._yes(thread, line.texts[0], Yes((line.texts[-1],), self._id(by), tick), sure=sure)

    def _authors(self, remark: str) -> set[str]:
        texts = {text for text, its in self.truth.remark_of.items() if its == remark}
        wrote = {
            text: line.author for each in self.threads.values() for line in each.lines for text in line.texts
        }
        wrote |= {text: by for each in self.threads.values() for text, by in each.forms.items()}
        return {wrote[text] for text in texts if text in wrote} if remark else set()

    async def tick(self, thread: Thread) -> str | None:
        line, by = self._line(thread), self._who(thread)
        if line is None or self._id(by) in line.ticked_by:
            return None
        line.ticked_by.add(self._id(by))
        self._said(thread, line, by, tick=line.message.ts, sure=not line.edited)
        await self.town.person(by).react(line.message, TICK)
        return f"{by} {line.texts[-1]}"

    async def untick(self, thread: Thread) -> str | None:
        ticked = [(line, by) for line in thread.alive for by in sorted(line.ticked_by)]
        if not ticked:
            return None
        line, by = self.chance.choice(ticked)
        line.ticked_by.discard(by)
        back = Act(sure=True, tick=line.message.ts, by=by)
        self.pending.append((thread, line.texts[0], back))
        await self.town.person(by).unreact(line.message, TICK)
        return f"{by} {line.texts[-1]}"

    async def shortcut(self, thread: Thread) -> str | None:
        line, by = self._line(thread), self._who(thread)
        if line is None:
            return None
        self._said(thread, line, by)
        await self.town.person(by).shortcut(line.message, "approve_reply")
        return f"{by} {line.texts[-1]}"

    async def tick_draft(self, thread: Thread) -> str | None:
        draft, by = self._draft(thread), self._who(thread)
        if draft is None or self._id(by) in draft.reactions.get(TICK, []):
            return None
        self._shown_yes(thread, draft, by, tick=draft.ts, sure=not self.stormy)
        await self.town.person(by).react(draft, TICK)
        return f"{by} {self._shown(draft, thread)}"

    async def untick_draft(self, thread: Thread) -> str | None:
        draft = self._draft(thread)
        if draft is None or not draft.reactions.get(TICK):
            return None
        by = draft.reactions[TICK][0]
        self.pending.append((thread, _remark(draft), Act(sure=True, tick=draft.ts, by=by)))
        await self.town.person(by).unreact(draft, TICK)
        return by

    async def approve(self, thread: Thread) -> str | None:
        """One or two approvers press the button that they see."""
        draft = self._draft(thread)
        if draft is None or not _has(draft, "approve_remark"):
            return None
        who = self.chance.choice([[self._who(thread)], list(APPROVERS[thread.card.channel])])
        for by in who:
            self._shown_yes(thread, draft, by)
        seen = self._shown(draft, thread)
        answers = await asyncio.gather(
            *(self.town.person(by).click(draft, "approve_remark") for by in who), return_exceptions=True
        )
        for each in answers:
            if isinstance(each, BaseException):
                raise each
        return f"{who} {seen}"

    def _shown_yes(
        self, thread: Thread, draft: Message, by: str, *, tick: str = "", sure: bool = True
    ) -> None:
        shows = self._shown(draft, thread)
        if shows and self._approves(thread, by, authors=self._authors(_remark(draft))):
            self._yes(thread, _remark(draft), Yes(shows, self._id(by), tick), sure=sure)

    async def withdraw(self, thread: Thread) -> str | None:
        draft = self._draft(thread)
        if draft is None or not _has(draft, "withdraw_approval"):
            return None
        by = self.chance.choice(APPROVERS[thread.card.channel])
        self.pending.append((thread, _remark(draft), Act(sure=True)))
        await self.town.person(by).click(draft, "withdraw_approval")
        return f"{by} {self._shown(draft, thread)}"

    # How a referral ends; only in calm

    async def decline(self, thread: Thread) -> str | None:
        if not _has(thread.card, "no_remarks"):
            return None
        by = self._who(thread)
        thread.end = "declined" if by in APPROVERS[thread.card.channel] else "proposed"
        await self.town.person(by).click(thread.card, "no_remarks")
        return by

    async def reopen(self, thread: Thread) -> str:
        thread.end = ""
        await self.town.person(self._who(thread)).click(thread.card, "reopen")
        return ""

    async def elsewhere(self, thread: Thread) -> str | None:
        other = "boern" if thread.card.channel == TEKNIK else "teknik"
        if "Tema:" in shown(thread.card):
            return None
        done = await self._pick(
            thread, "elsewhere", {("to", "choice"): other, ("reason", "text"): "Det er jeres."}
        )
        if done:
            thread.end = "sent"
            for each in self.threads.values():
                same = each.number == thread.number and each.card.channel != thread.card.channel
                if same and "Tema:" not in shown(each.card):
                    each.end = ""
        return done

    async def split(self, thread: Thread) -> str | None:
        if "Tema:" in shown(thread.card):
            return None
        names = {("this", "text"): f"A{self._new_text()}", ("other", "text"): f"B{self._new_text()}"}
        return await self._pick(thread, "split", names)

    async def _pick(self, thread: Thread, act: str, values: dict[tuple[str, str], str]) -> str | None:
        menus = [e for _, e in elements_of(thread.card.blocks) if e["type"] == "overflow"]
        chosen = [o["value"] for e in menus for o in e["options"] if o["value"].startswith(f"{act}:")]
        if not chosen:
            return None
        person = self.town.person(self._who(thread))
        modal = await self._opened(person, thread, "more", choose=chosen[0])
        await person.submit(modal, dict(values))
        return act

    async def _opened(self, person: Person, thread: Thread, action: str, choose: str | None = None) -> View:
        """The modal that opens; what the person had open before is another."""
        before = person.modal()
        await person.click(thread.card, action, choose=choose)

        def form() -> View | None:
            view = person.modal()
            return view if view is not None and view is not before and view.source.get("submit") else None

        return await self.town.until(form, timeout=1.0)


def _has(message: Message, action: str) -> bool:
    return any(each.get("action_id") == action for _, each in elements_of(message.blocks))


def _remark(draft: Message) -> str:
    return key_of(draft).split(":")[1]
