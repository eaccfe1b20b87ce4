"""Danish words made comparable: one spelling of æ, ø and å, one stem for every inflection."""

import re
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

from handlers.nfc import nfc

_FOLDS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_AFTER_VOWEL = re.compile(r"(?P<base>.*[iyuæøå])(?:er|ern|erne|en|et|ens|ets|ernes|ers)")
_HED = re.compile(r"(?P<base>.{3,}hed)(?:s|en|ens|er|ers|erne|ernes)?")


def clean(text: str) -> str:
    """Return the text composed (NFC) and without soft hyphens, so that each word is one."""
    return nfc(text).replace("\u00ad", "")


def fold(word: str) -> str:
    """Return a word in lower case with æ, ø and å written out."""
    return word.lower().translate(_FOLDS)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the folded stem of one word in lower case: Snowball's, but for two kinds of words.

    Snowball leaves "byen", "stier" and "søer" alone, for their stems are shorter than it allows; and it cuts
    "muligheder" and "livsmuligheder" to unlike stems. The stem is always a beginning of the folded word.
    """
    kept = _HED.fullmatch(word)
    if kept:
        return fold(kept["base"])
    # a stemmer for each call: it keeps its word in itself, and threads may call at once
    found: str = snowballstemmer.stemmer("danish").stemWord(word)
    short = _AFTER_VOWEL.fullmatch(found)
    return fold(short["base"] if short else found)
