"""Multi-hop questions answered by looking up Wikipedia paragraphs: three ids, one environment."""

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

from stepagent_gym.envs.wikiqa.corpus import Corpus, QuestionCorpus, by_fitness
from stepagent_gym.envs.wikiqa.library import Library
from stepagent_gym.envs.wikiqa.records import Question
from stepagent_gym.envs.wikiqa.scoring import exact_match, f1
from stepagent_gym.envs.wikiqa.titles import key
from stepagent_gym.episode import Outcome, TaskSet
from stepagent_gym.react import ActionFormat, Parsing, Syntax
from stepagent_gym.text_env import TextEnv, choose

CorpusName = Literal["union", "question"]

_CALL = re.compile(r"\s*(search|lookup|finish)\[(.*)\]\s*", re.IGNORECASE | re.DOTALL)
_LABELLED = re.compile(r"Action:[ \t]*((?:Search|Lookup|Finish)\[.*\])", re.IGNORECASE)


def published(text: str) -> str | None:
    """Give the call of the first line that has one after "Action:", up to the line's last `]`."""
    found = _LABELLED.search(text)
    return found[1] if found else None


class WikiQAEnv(TextEnv):
    """A question, and an encyclopedia to look things up in (ReAct, Yao et al. 2023).

    Actions: `Search[entity]` gives the paragraph of a title (case, accents, blanks and marks do
    not matter), else up to five similar titles.  A title with several paragraphs gives the one
    that fits the search and the question best, and the next best each time it is searched again.
    `Finish[answer]` ends.  `Lookup[keyword]`, with `lookup=True`, gives the next sentence of the
    last paragraph that holds the keyword.

    Reward: 1 for an exact match with the answer when the episode finishes, else 0; also `score`
    and `success`.  Turn limits: `"default"` 10; `"react"` 7, ReAct's.  `task_type` is the kind of
    question.
    Keywords beside `TextEnv`'s: `corpus` (`"union"`, the whole dataset's paragraphs, or
    `"question"`, its own), `lookup`.
    `info` also holds `question`, `supporting_found` (titles shown, of those the answer follows
    from) with their number `supporting`, `own_paragraphs` (how many the question came with), and
    after the end `answer`, `em`, `f1`, `em_alias` and `f1_alias` (the best over the answer's other
    names too).
    """

    syntax = Syntax(
        kind="call",
        names=("Search", "Finish", "Lookup"),
        expected="Search[entity] or Finish[answer]",
        published=published,
        published_error="Invalid action. Valid actions are Search[entity] and Finish[answer].",
    )
    turn_limits = {"default": 10, "react": 7}
    metric_keys = ("em", "f1", "em_alias", "f1_alias", "supporting_recall")
    closed_rule: ClassVar[bool] = True

    def __init__(
        self,
        *,
        split: str = "test",
        data: str | Path | None = None,
        action_format: ActionFormat = "react",
        max_turns: int | str | None = None,
        parsing: Parsing = "lenient",
        render_mode: str | None = None,
        corpus: CorpusName = "union",
        lookup: bool = False,
    ) -> None:
        choose("corpus", corpus, get_args(CorpusName))
        choose("lookup", lookup, (False, True))
        self.corpus_name = corpus
        self.lookup = lookup
        self._question: Question
        self._corpus: Corpus
        self._state: dict[str, Any] = {}
        super().__init__(
            split=split,
            data=data,
            action_format=action_format,
            max_turns=max_turns,
            parsing=parsing,
            render_mode=render_mode,
            settings={"corpus": corpus, "lookup": lookup},
        )

    def conditions(self) -> dict[str, Any]:
        """Add the size of what can be searched."""
        return {**super().conditions(), "paragraphs": len(self._library.corpus)}

    def _load(self, data: str | Path | None, split: str) -> TaskSet:
        self._library = Library.open(self.benchmark, data)
        return self._library.tasks(split)

    def _start(self, task_id: str, seed: int) -> Outcome:
        self._set_state(task_id, seed, {"found": [], "searched": {}, "last": None, "looked": []})
        return self._outcome(f"Question: {self._question.question}")

    def _act(self, action: str) -> Outcome:
        call = _CALL.fullmatch(action)
        name = call[1].lower() if call else ""
        argument = " ".join(call[2].split()) if call else ""
        if name == "search" and argument:
            return self._outcome(self._search(argument))
        if name == "finish":
            return self._finish(argument)
        if name == "lookup" and argument and self.lookup:
            return self._look_up(argument)
        forms = ", ".join(self._available_actions())
        return self._outcome(
            f"Invalid action: {action.strip()[:200]}\nThere are: {forms}", valid=False
        )

    def _search(self, entity: str) -> str:
        union, state = self._library.corpus, self._state
        numbers = by_fitness(
            union, self._corpus.find(entity), f"{entity} {self._question.question}"
        )
        state["looked"] = []
        if not numbers:
            state["last"] = None
            similar = self._corpus.similar(entity)
            return f"Could not find {entity}. Similar: {similar}"
        times = state["searched"].get(key(entity), 0)
        number = numbers[times % len(numbers)]
        title, text = union.paragraph(number)
        state["searched"] = {**state["searched"], key(entity): times + 1}
        state["last"] = number
        if title in self._question.supporting and title not in state["found"]:
            state["found"] = [*state["found"], title]
        return text

    def _look_up(self, keyword: str) -> Outcome:
        """Give the next sentence of the last paragraph that holds the keyword, as ReAct's does."""
        state = self._state
        if state["last"] is None:
            return self._outcome("There is no paragraph to look in; search for one.", valid=False)
        text = self._library.corpus.paragraph(state["last"])[1]
        sentences = [part.strip().removesuffix(".") for part in text.split(". ") if part.strip()]
        hits = [sentence for sentence in sentences if keyword.casefold() in sentence.casefold()]
        seen = state["looked"][1] if state["looked"][:1] == [keyword.casefold()] else 0
        state["looked"] = [keyword.casefold(), seen + 1]
        if seen >= len(hits):
            return self._outcome("No more results.")
        return self._outcome(f"(Result {seen + 1} / {len(hits)}) {hits[seen]}.")

    def _finish(self, prediction: str) -> Outcome:
        question = self._question
        answers = (question.answer, *question.aliases)
        closed = self.closed_rule
        em = exact_match(prediction, question.answer)
        verdict = {
            "answer": prediction,
            "em": em,
            "f1": f1(prediction, question.answer, closed_rule=closed),
            "em_alias": any(exact_match(prediction, answer) for answer in answers),
            "f1_alias": max(f1(prediction, answer, closed_rule=closed) for answer in answers),
        }
        outcome = self._outcome(f"Episode finished, reward = {int(em)}")
        return outcome._replace(
            reward=float(em),
            terminated=True,
            success=em,
            score=float(em),
            info={**outcome.info, **verdict},
        )

    def _outcome(self, observation: str, *, valid: bool = True) -> Outcome:
        question, found = self._question, self._state["found"]
        return Outcome(
            observation,
            valid=valid,
            info={
                "task_type": question.kind or "question",
                "question": question.question,
                "supporting": len(question.supporting),
                "supporting_found": list(found),
                "supporting_recall": len(found) / max(1, len(question.supporting)),
                "own_paragraphs": len(question.paragraphs),
            },
        )

    def _available_actions(self) -> Sequence[str]:
        actions = ["Search[entity]", "Finish[answer]"]
        return [*actions, "Lookup[keyword]"] if self.lookup else actions

    def _get_state(self) -> dict[str, Any]:
        return dict(self._state)

    def _set_state(self, task_id: str, seed: int, state: Any) -> None:
        self._question = question = self._library.question(task_id)
        union = self._library.corpus
        self._corpus = (
            union if self.corpus_name == "union" else QuestionCorpus(union, question.paragraphs)
        )
        self._state = {name: state[name] for name in ("found", "searched", "last", "looked")}

    def expert(self) -> tuple[str, str]:
        """Search the titles that the answer follows from, in reasoning order, then finish."""
        question = self._question
        for place, title in enumerate(question.supporting, start=1):
            if key(title) not in self._state["searched"] and self._corpus.find(title):
                thought = (
                    f"Step {place} of {len(question.supporting)}: I need to read about {title}."
                )
                return thought, f"Search[{title}]"
        return f"From what I read, the answer is {question.answer}.", f"Finish[{question.answer}]"

    def explore(self, seed: int) -> str:
        """Search a few words of the question, or of the last paragraph, or answer with them."""
        rng = random.Random(seed)
        last = self._state["last"]
        text = self._library.corpus.paragraph(last)[1] if last is not None else ""
        known = (text if text and rng.random() < 0.5 else self._question.question).split()
        start = rng.randrange(len(known))
        phrase = " ".join(known[start : start + rng.randint(1, 3)]).strip("?,.\"'[]")
        return f"{rng.choice(('Search', 'Search', 'Finish'))}[{phrase}]"


class HotpotQAEnv(WikiQAEnv):
    """HotpotQA (Yang et al. 2018)."""

    __doc__ = f"{__doc__}\n{WikiQAEnv.__doc__}"
    env_id = "stepagent/HotpotQA-v0"
    benchmark = "hotpotqa"


class TwoWikiMultihopQAEnv(WikiQAEnv):
    """2WikiMultihopQA (Ho et al. 2020)."""

    __doc__ = f"{__doc__}\n{WikiQAEnv.__doc__}"
    env_id = "stepagent/2WikiMultihopQA-v0"
    benchmark = "2wikimultihopqa"


class MuSiQueEnv(WikiQAEnv):
    """MuSiQue-Ans (Trivedi et al. 2022); F1 by its own rule."""

    __doc__ = f"{__doc__}\n{WikiQAEnv.__doc__}"
    env_id = "stepagent/MuSiQue-v0"
    benchmark = "musique"
    closed_rule = False
