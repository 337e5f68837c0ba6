"""The nouns of a product's title, which decide the type part of the reward.

The original asks a spaCy model at every purchase.  Here they are computed once, at preparation,
and stored; which rule made them is in the manifest and beside every score.

`spacy:<model>`: tokens tagged NOUN or PROPN (the published rule, with whichever model is there).
`words`: runs of letters that touch no digit, without English function words.  It needs no model,
and errs on the side of too many nouns.
`given`: a list that came with the catalogue.
"""

import importlib.util
import re
from collections.abc import Callable
from typing import Any

from stepagent_gym.errors import UsageError

NounRule = Callable[[str], list[str]]

SPACY_MODELS = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm")
_NOUN_TAGS = frozenset({"NOUN", "PROPN", "PNOUN"})
_WORD = re.compile(r"(?<!\w)[^\W\d_]++(?!\w)")
_FUNCTION_WORDS = """
    a about above across after again against all along also although always am among an and
    another any anyone anything are around as at away back be because been before being below
    beside between both bottom but by can cannot could did do does doing done down due during
    each eight either else empty enough etc even ever every everyone everything except few
    fifteen fifty first five for four from front full further get give go had has have having he
    her here hers him his how however hundred i if in indeed inside instead into is it its just
    keep last least less made make many may me might mine more most mostly move much must my
    name neither never next nine no nobody none nor not nothing now of off often on once one
    only onto or other others our ours out outside over own per please put quite rather really
    same see seem several she should show side since six sixty so some someone something still
    such take ten than that the their theirs them then there these they this those though three
    through throughout to together too top toward towards twelve twenty two under until up upon
    us use used using various very via was we well were what whatever when whenever where which
    while who whole whom whose why will with within without would yet you your yours s t d ll m
    re ve
"""
_STOP = frozenset(_FUNCTION_WORDS.split())


def words(title: str) -> list[str]:
    """Apply the rule `words`: lower case, in order, with repeats."""
    return [word for word in _WORD.findall(title.lower()) if word not in _STOP]


def spacy_nouns(model: Any) -> NounRule:
    """Make the rule of a loaded spaCy pipeline."""

    def rule(title: str) -> list[str]:
        return [token.text.lower() for token in model(title) if token.pos_ in _NOUN_TAGS]

    return rule


def choose_rule(name: str) -> tuple[str, NounRule]:
    """Resolve `auto`, `words`, or a spaCy model's name: the rule's full name, and the rule.

    `auto` takes the largest spaCy model that is installed, else `words`.  Raises `UsageError` for
    a model that is not there.
    """
    if name == "words":
        return "words", words
    candidates = SPACY_MODELS if name == "auto" else (name,)
    for model in candidates:
        if importlib.util.find_spec("spacy") and importlib.util.find_spec(model):
            import spacy

            pipeline = spacy.load(model, exclude=["parser", "ner", "lemmatizer"])
            return f"spacy:{model}-{pipeline.meta['version']}", spacy_nouns(pipeline)
    if name == "auto":
        return "words", words
    raise UsageError(
        f"no spaCy model {name!r} is installed; `python -m spacy download {name}`, "
        "or take the rule `words`"
    )
