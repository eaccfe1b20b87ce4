"""The page before a draft: what is missing, what to look at once more, what was let pass and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from handlers.content import Block, Content, Item, Listing, Para, Run
from handlers.notat.finding import Finding
from handlers.notat.findings import findings, waived
from handlers.notat.slips import slips
from storage.dossier import Dossier
from storage.version import Waiver
from templates import say

_say = partial(say, "notat/sentences.j2")


@dataclass(frozen=True, slots=True)
class Check:
    """All that a look through the notat before it is final has found."""

    missing: tuple[Finding, ...]
    slips: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...]


def check(dossier: Dossier) -> Check:
    """Look it all through."""
    return Check(findings(dossier), slips(dossier), waived(dossier))


def cover(found: Check) -> Content:
    """What stands on the page; never nothing."""
    return tuple(_blocks(found))


def sentence(finding: Finding) -> str:
    """A finding as a whole sentence."""
    return say("findings.j2", finding.lack, finding=finding)


def _blocks(found: Check) -> Iterator[Block]:
    yield Para((Run(_say("findings_lead", count=len(found.missing))),))
    yield from _listed(map(sentence, found.missing))
    if found.slips:
        yield Para((Run(_say("slips_lead", count=len(found.slips))),))
        yield from _listed(map(sentence, found.slips))
    if found.waived:
        yield Para((Run(_say("waived_lead", count=len(found.waived))),))
        yield from _listed(_waived(found.waived))


def _waived(pairs: Sequence[tuple[Finding, Waiver]]) -> Iterator[str]:
    for finding, waiver in pairs:
        yield _say("waived", sentence=sentence(finding), reason=waiver.reason, at=waiver.waived_at)


def _listed(lines: Iterable[str]) -> Iterator[Listing]:
    items = tuple(Item((Run(line),)) for line in lines)
    if items:
        yield Listing(items)
