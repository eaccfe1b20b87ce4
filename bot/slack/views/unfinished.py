"""What keeps a notat from being final, each with the buttons that lead there or let it pass."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from bot.slack.api.board import Picture
from bot.slack.links import address
from bot.slack.views import blocks, elements
from bot.slack.views.elements import Json
from bot.slack.views.windows import window
from handlers.notat.cover import sentence
from handlers.notat.finding import Finding, Lack
from handlers.notat.findings import findings
from handlers.notat.passages import Where
from storage.asked import About
from storage.dossier import Dossier, dossier
from storage.models import Hearing, PostKind
from storage.posts import Stands
from storage.store import Store
from storage.talk import SlackPost
from storage.words import TextName
from templates import say

GO, WAIVE, SUMMARY, PARTY, TEXT = (
    "go_to_finding", "waive_finding", "open_summary", "open_party", "open_text",
)  # fmt: skip
WAIVE_FORM = "waive_form"
_MOST = 15
_LONGEST_KEY = 1_900  # a button's value may have 2,000 signs


@dataclass(frozen=True, slots=True)
class Links:
    """Where things stand in Slack: cards by submission number, department and theme.

    `asked` are the open questions to coordinators, by submission number (0 for none) and what they are about;
    None for who is to answer.
    """

    url: str
    cards: Mapping[tuple[int, str, str], Stands]
    submissions: Mapping[int, UUID]
    asked: Mapping[tuple[int, About | None], Stands]

    def to(self, finding: Finding) -> str:
        """A link to the thread or the question that a finding is about; empty when there is none."""
        there = self.cards.get((finding.number, finding.department, finding.theme))
        if finding.lack in {Lack.UNDECIDED, Lack.NOT_REFERRED}:
            there = self.asked.get((finding.number, finding.about))
        return address(there, url=self.url)


async def links(read: Dossier, *, url: str, store: Store) -> Links:
    """Where a hearing's cards stand in the workspace at this address."""
    standing = await store.posts.standing([read.hearing.id])
    posts = {each.referral_id: each for each in standing if each.kind == PostKind.CARD}
    cards = {
        (filed.submission.number, laid.seat.name, laid.referral.theme): posts[laid.referral.id]
        for filed in read.submissions
        for laid in filed.referrals
        if laid.referral.id in posts
    }
    submissions = {filed.submission.number: filed.submission.id for filed in read.submissions}
    return Links(url, cards, submissions, _asked(read, standing, submissions))


def _asked(
    read: Dossier, standing: Sequence[Stands], submissions: Mapping[int, UUID]
) -> dict[tuple[int, About | None], Stands]:
    numbers = {submission: number for number, submission in submissions.items()}
    found: dict[tuple[int, About | None], Stands] = {
        (numbers[each.submission_id], None): each
        for each in standing
        if each.kind == PostKind.PLACEMENT and each.submission_id in numbers
    }
    posts = {each.question_id: each for each in standing if each.kind == PostKind.QUESTION}
    for each in read.asked:
        question = each.question
        if each.decision is None and question.id in posts:
            number = numbers.get(question.submission_id, 0) if question.submission_id else 0
            found[number, question.about] = posts[question.id]
    return found


def unfinished(missing: Sequence[Finding], hearing: Hearing, *, there: Links) -> Picture:
    """The no to a final notat."""
    lead = _say("not_final", count=len(missing))
    rows = [row for finding in missing[:_MOST] for row in _rows(finding, hearing, there)]
    left = len(missing) - _MOST
    more = [elements.context(_say("not_final_more", count=left))] if left > 0 else []
    return Picture(lead, [elements.section_of(lead), *rows, *more])


async def again(post: SlackPost, *, store: Store, url: str) -> Picture:
    """The no to somebody whose notat could be final when they asked, and could not when it was made."""
    hearing = await store.hearings.by_id(post.hearing_id)
    read = replace(await dossier(hearing, store=store), unlooked=int(post.detail["unlooked"]))
    missing = await asyncio.to_thread(findings, read)
    asked = elements.told(_say("not_final_after_all"), str(post.detail["by"]))
    if not missing:
        return Picture(_say("final_now"), [asked, elements.section_of(_say("final_now"))])
    told = unfinished(missing, hearing, there=await links(read, url=url, store=store))
    return Picture(told.text, [asked, *told.blocks])


def waive_form(hearing_id: str, key: str) -> Json:
    """Why a finding may be let pass."""
    reason = blocks.text_field("reason", _say("waive_reason"), most=500, lines=True, hint=_say("waive_hint"))
    return blocks.modal(WAIVE_FORM, _say("waive_title"), [reason], about=f"{hearing_id} {key}")


def done() -> Json:
    """What the form becomes when it is written down."""
    return window(_say("waive_title"), [elements.section_of(_say("waive_done"))])


def _rows(finding: Finding, hearing: Hearing, there: Links) -> Iterator[Json]:
    yield elements.section_of(sentence(finding))
    buttons = list(_buttons(finding, hearing, there))
    if buttons:
        yield elements.actions(*buttons)


def _buttons(finding: Finding, hearing: Hearing, there: Links) -> Iterator[Json]:
    submission = there.submissions.get(finding.number)
    link = there.to(finding)
    in_summary = finding.lack in {Lack.NO_SUMMARY, Lack.SUMMARY_BEFORE_FOLLOW_UP} or (
        finding.where == Where.SUMMARY
    )
    if link:
        yield elements.link(GO, _say("go_button"), link)
    elif submission is not None and in_summary:
        yield elements.button(SUMMARY, _say("go_button"), str(submission))
    elif submission is not None and (finding.lack == Lack.UNCONFIRMED_PARTY or finding.where == Where.PARTY):
        yield elements.button(PARTY, _say("go_button"), str(submission))
    elif finding.where in set(TextName):
        yield elements.button(TEXT, _say("go_button"), f"{hearing.id} {finding.where}")
    value = f"{hearing.id} {finding.key}"
    if finding.waivable and len(value) <= _LONGEST_KEY:
        yield elements.button(WAIVE, _say("waive_button"), value)


def _say(phrase: str, **values: object) -> str:
    return say("slack/notat.j2", phrase, **values)
