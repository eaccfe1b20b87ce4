"""A made-up hearing as a dossier in memory: no database, and each fact in the words of the test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from handlers.content import Content, digest, dump, paragraphs
from handlers.notat.layout import notat
from handlers.notat.shape import Chapter, Notat, Role, plain
from storage.asked import About, Decision, Question, Verdict
from storage.dossier import Dossier, Filed, Laid
from storage.edits import Edits
from storage.ending import Change, ProposalChange
from storage.endings import Ends
from storage.hearings import Seat
from storage.models import Hearing, How, Party, Referral, Submission, Summary
from storage.questions import Asked
from storage.remarks import RemarkFacts
from storage.talk import Approval, Remark
from storage.words import Channel, HeadingForm, Layout, Order, PartyKind, PrivatePersons, Refer, Stage
from tests.handlers.building import NOW

_minutes = count(1)


@dataclass
class Town:
    """The hearing and its departments; what is asked of it goes into one dossier."""

    layout: Layout = Layout.BY_SUBMISSION
    order: Order = Order.ARRIVAL
    form: HeadingForm = HeadingForm.BEMAERKNINGER_FRA
    texts: dict[str, str] = field(default_factory=dict)
    departments: Sequence[tuple[str, tuple[str, ...]]] = (
        ("Parkforvaltningen", ("træer", "bænke")),
        ("Skoleforvaltningen", ("skolevej",)),
    )

    def __post_init__(self) -> None:
        self.hearing = Hearing(
            key="plan", title="Ny plan for Lygtevej", municipality="Ternevig Kommune", case_number="2026-17",
            opens=NOW - timedelta(days=14), deadline=NOW + timedelta(days=14),
            answer_deadline=NOW + timedelta(days=28), coordination_channel="C0KOORD", coordinators=["U0KIM"],
            four_eyes=True, refer=Refer.AT_ONCE, heading_form=self.form, order=self.order,
            layout=self.layout, private_persons=PrivatePersons.STREET, texts=self.texts, plan={},
        )  # fmt: skip
        self.seats = tuple(self._seats())

    def _seats(self) -> Iterator[Seat]:
        blank = Seat(
            **dict.fromkeys(Seat.__dataclass_fields__, ""),  # type: ignore[arg-type]
        )
        for number, (name, topics) in enumerate(self.departments):
            referral = Referral(
                hearing_id=self.hearing.id, submission_id=self.hearing.id,
                hearing_department_id=self.hearing.id, referred_by="", referred_at=NOW,
            )  # fmt: skip
            yield replace(
                blank, id=referral.id, hearing_id=self.hearing.id, key=name.lower(), name=name, topics=topics,
                owner=number == 0, retired=False, approvers=frozenset({"U0PIA"}),
            )  # fmt: skip

    def party(
        self, name: str, kind: PartyKind = PartyKind.FORENING, *, heard_as: int | None = None, group: str = ""
    ) -> Party:
        return Party(
            hearing_id=self.hearing.id, kind=kind, list_name=name, heading_name=name, short_name=name,
            heard_as=heard_as, group=group,
        )  # fmt: skip

    def filed(
        self, party: str | Party, *referrals: Laid, summary: str = "", text: str = "Flere træer.",
        at: datetime | None = None, channel: Channel = Channel.PORTAL,
    ) -> Filed:  # fmt: skip
        """A submission; each is a minute later than the last."""
        who = self.party(party) if isinstance(party, str) else party
        number = next(_minutes)
        submission = Submission(
            hearing_id=self.hearing.id, party_id=who.id, number=number, channel=channel, content_key="",
            subject="", text=text, flaws=[], received_at=at or NOW + timedelta(milliseconds=number),
        )  # fmt: skip
        told = Summary(
            submission_id=submission.id, content=dump(paragraphs(summary)), written_by="U0KIM", written_at=NOW
        )
        return Filed(submission, who, told if summary else None, (), referrals)

    def laid(
        self,
        *remarks: str | Content,
        to: int = 0,
        about: str = "",
        theme: str = "",
        change: tuple[str, bool] | None = None,
    ) -> Laid:
        """A referral that speaks `about` something, with the remarks that were approved."""
        referral = Referral(
            hearing_id=self.hearing.id, submission_id=self.hearing.id,
            hearing_department_id=self.seats[to].id, theme=theme, referred_by="", referred_at=NOW,
        )  # fmt: skip
        facts = tuple(self._approved(referral, remark) for remark in remarks)
        passages = (about,) if about else ()
        ends = Ends(agreed=_agreed(referral, *change)) if change else Ends()
        return Laid(referral, self.seats[to], talked=True, remarks=facts, passages=passages, ends=ends)

    def _approved(self, referral: Referral, said: str | Content) -> RemarkFacts:
        content = paragraphs(said) if isinstance(said, str) else said
        remark = Remark(
            submission_id=referral.submission_id, referral_id=referral.id, position=next(_minutes),
            begun_by="U0SVEND", begun_at=NOW,
        )  # fmt: skip
        approval = Approval(
            remark_id=remark.id, content=dump(content), digest=digest(content), approver="U0PIA",
            how=How.BUTTON, approved_at=NOW,
        )  # fmt: skip
        return RemarkFacts(remark, (), (approval,))

    def dossier(self, *filed: Filed, heard: Sequence[Party] = (), edits: Edits | None = None) -> Dossier:
        return Dossier(self.hearing, self.seats, tuple(heard), filed, 0, 0, (), edits=edits or Edits())


def added(filed: Filed, verdict: Verdict = Verdict.SUPPLEMENT, *, at: datetime = NOW) -> Filed:
    """The submission, once somebody decided about one more later mail to it."""
    question = Question(
        key="", hearing_id=filed.submission.hearing_id, about=About.FOLLOW_UP, options=[],
        submission_id=filed.submission.id, asked_at=at,
    )  # fmt: skip
    decision = Decision(question_id=question.id, verdict=verdict, decided_by="U0KIM", decided_at=at)
    return replace(filed, asked=(*filed.asked, Asked(question, decision)))


def told(dossier: Dossier, order: Layout | None = None) -> tuple[Chapter, ...]:
    """The chapters of the notat."""
    return printed(dossier, order).chapters


def printed(dossier: Dossier, order: Layout | None = None, stage: Stage | None = None) -> Notat:
    return notat(dossier, version=1, at=NOW, order=order, stage=stage)


def headings(chapters: Sequence[Chapter], *roles: Role) -> list[str]:
    return [chapter.heading for chapter in chapters if not roles or chapter.role in roles]


def under(chapters: Sequence[Chapter], heading: str) -> str:
    """What stands under the first heading of these words."""
    return next(plain(chapter.body) for chapter in chapters if chapter.heading == heading)


def after(chapters: Sequence[Chapter], heading: str) -> list[tuple[str, str]]:
    """The headings below the one of these words, with what stands under each."""
    place = headings(chapters).index(heading)
    found = list[tuple[str, str]]()
    for chapter in chapters[place + 1 :]:
        if chapter.level <= chapters[place].level:
            break
        found.append((chapter.heading, plain(chapter.body)))
    return found


def _agreed(referral: Referral, what: str, certain: bool) -> ProposalChange:
    return ProposalChange(
        referral_id=referral.id, verdict=Change.YES if certain else Change.MAYBE, what=what, said_by="U0PIA",
        settled=True, said_at=NOW,
    )  # fmt: skip
