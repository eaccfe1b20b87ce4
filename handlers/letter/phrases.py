"""How machines word their mails: automatic answers, read receipts and recalls."""

import re

_AUTO_NAMES = (
    r"automatisk(?:e)? svar|auto[- ]?svar|fraværsbesked|fraværsmeddelelse|fraværsmelding|ikke til stede"
    r"|ude af kontoret|ikke på kontoret|automatic reply|auto(?:matic)?[- ]?re(?:ply|sponse|sponder)"
    r"|out of (?:the )?office|automatische antwort|abwesenheits(?:notiz|nachricht)|automatiskt svar"
    r"|frånvaromeddelande|réponse automatique|respuesta automática"
)
# Only at the start of a subject: 'SV: Automatisk svar: …' is a person who answers a machine.
AUTO_SUBJECT = re.compile(
    rf"(?:{_AUTO_NAMES})(?=\s*(?:[:\u2013\u2014(\[-]|auto|\Z))",
    re.IGNORECASE,
)
# With more words behind it, only what the mail says can tell.
AUTO_WITH_MORE = re.compile(rf"(?:{_AUTO_NAMES})\b", re.IGNORECASE)
# Ticket systems and mail rules put signs before a machine's subject, and lose its headers.
AUTO_BEHIND_SIGNS = re.compile(
    rf"(?:(?:re|sv|aw)\s?:\s{{0,3}}|\[[^\]]{{0,60}}\]\s{{0,3}}){{1,5}}(?:{_AUTO_NAMES})"
    r"(?=\s*(?:[:\u2013\u2014(\[-]|auto|\Z))",
    re.IGNORECASE,
)
AWAY = re.compile(
    r"\b(?:(?:på|har|holder|afholder) (?:\w{1,12} )?(?:ferie|orlov|barsel|kursus)|ikke på kontoret"
    r"|ude af kontoret|ikke til stede|fraværende|træffes igen"
    r"|tilbage (?:igen |på kontoret |d\.|den |mandag|uge)|nicht im (?:büro|hause)|im urlaub"
    r"|out of (?:the |my )?office|(?:back|return(?:ing)?) (?:in|to) (?:the |my )?office"
    r"|on (?:vacation|leave|holiday)|away (?:from|until|on)|automatisk (?:svar|besked|genereret)"
    r"|automati(?:c|cally) (?:reply|response|generated))",
    re.IGNORECASE,
)
RECALL_SUBJECT = re.compile(r"(?:tilbagekald|tilbagekaldelse|recall)\s*:", re.IGNORECASE)
READ_SUBJECT = re.compile(
    r"(?:læst|ikke læst|leveret|slettet|read|not read|delivered|gelesen|läst)\s*:"
    r"|read receipt\b|læsekvittering\b",
    re.IGNORECASE,
)
PASSED_BY_SERVER = re.compile(
    r"(?:læst|ikke læst|leveret|videresendt|udvidet|relayed|delivered|expanded)\s*:"
    r"|delivery status notification \((?:relay|success)",
    re.IGNORECASE,
)
READ_TEXT = re.compile(
    r"\A\W*(?:din (?:meddelelse|mail|besked)|meddelelsen\b|your message|this is a (?:return )?receipt"
    r"|dette er en (?:læse)?kvittering|ihre nachricht|die nachricht|ditt meddelande)",
    re.IGNORECASE,
)
RECALL_TEXT = re.compile(
    r"tilbagekalde (?:meddelelsen|mailen|beskeden|e-mailen)|recall the message", re.IGNORECASE
)
