"""Mails that only point to what is attached, and what a mail says together with its files."""

import re
from collections.abc import Iterable

from handlers.routing.sentences import sentences

MAX_SPOKEN = 20_000  # signs of one file that are read for what they concern
MAX_ALL_SPOKEN = 100_000  # signs of all files of a mail together

_MAX_OWN = 1_200  # signs; whoever writes more says something
_MAX_WORDS = 35  # of a sentence that only hands something over
_MAX_POINTING = 12  # words of a sentence that points, when it has no word of handing over
_MAX_NAME = 12  # words of a name with title and address

_GREETING = re.compile(
    r"\s{0,20}(?:kære|hej|hejsa|hallo|goddag|god(?:morgen|aften)|til|att|attn|vedr|vedrørende|ang|angående|emne"
    r"|j\.? ?nr|sagsnr|dear|hi|hello|good (?:morning|afternoon|day)|to|re|regarding|subject)\b[^\n]{0,150}\Z",
    re.IGNORECASE,
)
_END = re.compile(
    r"\s{0,20}(?:(?:med )?(?:de )?(?:bedste|kærlig|venligs?t?e?|mange)? ?hilsen(?:er)?\b|mvh\b|m\.v\.h|vh\b"
    r"|de bedste hilsner|(?:best|kind|warm)(?:est)? (?:regards|wishes)|regards\b|sincerely|yours\b|--\s*\Z"
    r"|sendt fra |sent from |hent outlook|get outlook"
    r"|(?:denne|this) (?:e-?mail|mail|message|meddelelse|besked)\b.{0,80}(?:fortrolig|confidential)"
    r"|>|-{5}|_{10}|(?:\*?)(?:fra|from|sendt|sent):|(?:den|on) .{5,150}(?:skrev|wrote)\b)",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"ekstern(?:e)? (?:e-?)?(?:mail|afsender)|uden ?for (?:din |vores |jeres )?(?:organisation|kommune)"
    r"|originate[sd] from outside|external (?:e-?mail|sender)|outside (?:of )?(?:the|your) organi[sz]ation",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:vedhæft|vedlagt|vedlæg|vedføj|bilag|attach|enclos)\w*|\b(?:i|se|see) (?:den |the )?fil(?:en|e)?\b"
    r"|\b(?:hermed|her er|her kommer|here is|here are) (?:[^\W_]+ ){0,4}(?:høringssvar|svar|bemærkninger"
    r"|kommentarer|indsigelser?|response|comments|objections?)\b",
    re.IGNORECASE,
)
_HANDS_OVER = re.compile(
    r"\b(?:hermed|her er|her kommer|som aftalt|as agreed|(?:frem|ind|til)?send(?:er|es|t|te)"
    r"|på vegne af|spørgsmål|kontakt\w*|vende? tilbage|ser frem|tak for|mange tak|på forhånd"
    r"|god (?:dag|weekend|sommer|jul|påske)"
    r"|høringssvar\w*|høringspart\w*|bemærkning\w*|indsigelse\w*|kommentar\w*|svar\w*"
    r"|please|find|on behalf of|question\w*|contact\w*|look forward|thank\w*"
    r"|response\w*|comment\w*|objection\w*|submission\w*|repl(?:y|ies))\b",
    re.IGNORECASE,
)
_RECEIPT = re.compile(r"\b(?:kvitt\w+|(?:bekræft|confirm)\w*|modtagelsen|receipt)\b", re.IGNORECASE)
_SAYS = re.compile(
    r"\b(?:mener|synes|ønsker|imod|foreslår|bør|skal|burde|protester\w*|støtter|opfordrer|anbefaler|bekymr\w*"
    r"|utryg\w*|kræver|fordi|derfor|ikke|ingen|intet|nej|ja|men|dog|helst|gerne (?:se|have)|håber"
    r"|think|believe|oppose\w*|against|suggest\w*|should|must|support\w*|recommend\w*|concern(?:ed|s)|because"
    r"|therefore|not|no|none|but|however|want|wish)\b",
    re.IGNORECASE,
)


def points_to_annex(text: str) -> bool:
    """Tell whether a mail's own text says little more than that the answer is attached (Danish, English).

    Ask it of mails with files only. Greeting, signature, quote and the server's warning do not count. One
    opinion, one reason or one "ingen bemærkninger" makes a text an answer by itself. Linear in the text.
    """
    own = "\n".join(_own_lines(text))
    if len(own) > _MAX_OWN:
        return False
    said = [" ".join(words) for words in sentences(own)]
    return any(_POINTS.search(each) for each in said) and all(_only_hands_over(each) for each in said)


def spoken(text: str, annex_texts: Iterable[str]) -> str:
    """Give what a mail says with its files, for routing: its text whole, the files' from their beginnings."""
    said, room = [text], MAX_ALL_SPOKEN
    for each in annex_texts:
        most = min(room, MAX_SPOKEN)
        piece = each if len(each) <= most else each[:most].rpartition(" ")[0]
        if piece.strip():
            said.append(piece)
            room -= len(piece)
        if room <= 0:
            break
    return "\n\n".join(said)


def _own_lines(text: str) -> Iterable[str]:
    """Give what the writer says between greeting and farewell; blank lines stay."""
    has_begun = False
    for line in text[: 10 * _MAX_OWN].split("\n"):
        if has_begun and _END.match(line):
            return
        if (not has_begun and _GREETING.match(line)) or _BANNER.search(line):
            yield ""
            continue
        has_begun = has_begun or bool(line.strip())
        yield line


def _only_hands_over(sentence: str) -> bool:
    words = sentence.split()
    if len(words) <= _MAX_POINTING and _RECEIPT.search(sentence):
        return True
    if len(words) > _MAX_WORDS or _SAYS.search(sentence):
        return False
    if _HANDS_OVER.search(sentence):
        return True
    return _is_name(words) or (len(words) <= _MAX_POINTING and bool(_POINTS.search(sentence)))


def _is_name(words: list[str]) -> bool:
    """Names and addresses are written with capitals and numbers, and end without a full stop."""
    marked = sum(word.strip("/(+")[:1].isupper() or word[:1].isdigit() for word in words)
    return len(words) <= _MAX_NAME and words[-1][-1].isalnum() and marked * 10 >= len(words) * 6
