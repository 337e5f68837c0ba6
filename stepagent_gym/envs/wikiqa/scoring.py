"""Exact match and F1 as the official scripts of the three datasets count them.

All three normalise alike (lower case, no punctuation, no articles, single blanks).  HotpotQA and
2WikiMultihopQA give F1 0 where one side is "yes", "no" or "noanswer" and the sides differ
(`hotpot_evaluate_v1.py`); MuSiQue does not, and gives two empty answers 1.  MuSiQue and
2WikiMultihopQA (since v1.1) take the best over the answer and its other names.
"""

import re
import string
from collections import Counter

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_CLOSED = frozenset({"yes", "no", "noanswer"})


def normalise(text: str) -> str:
    """Write an answer as the official scripts compare it."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(prediction: str, answer: str) -> bool:
    """Whether a prediction is the answer, after normalisation."""
    return normalise(prediction) == normalise(answer)


def f1(prediction: str, answer: str, *, closed_rule: bool = True) -> float:
    """Give the harmonic mean of precision and recall over the bags of words, 0 to 1.

    `closed_rule`: "yes", "no" and "noanswer" count only whole (HotpotQA, 2WikiMultihopQA);
    MuSiQue has no such rule, and counts two answers without words as equal.
    """
    predicted, expected = normalise(prediction), normalise(answer)
    if closed_rule and predicted != expected and {predicted, expected} & _CLOSED:
        return 0.0
    predicted_words, expected_words = predicted.split(), expected.split()
    if not closed_rule and not (predicted_words and expected_words):
        return float(predicted_words == expected_words)
    common = (Counter(predicted_words) & Counter(expected_words)).total()
    if common == 0:
        return 0.0
    precision, recall = common / len(predicted_words), common / len(expected_words)
    return 2 * precision * recall / (precision + recall)
