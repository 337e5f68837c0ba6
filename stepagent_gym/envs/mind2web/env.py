"""`Mind2WebEnv`: the steps of a recorded task, each a series of multiple-choice questions."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from stepagent_gym.envs.mind2web import protocol as rules
from stepagent_gym.envs.mind2web.dom import Shown, show
from stepagent_gym.envs.mind2web.protocol import Elimination, Protocol, Reward, Verdict
from stepagent_gym.envs.mind2web.question import write_question
from stepagent_gym.envs.mind2web.store import Step, Store, Task
from stepagent_gym.episode import Outcome, TaskSet
from stepagent_gym.errors import UsageError
from stepagent_gym.react import ActionFormat, Parsing, Syntax
from stepagent_gym.text_env import TextEnv, choose


class Mind2WebEnv(TextEnv):
    """Mind2Web (Deng et al. 2023), as its evaluation of language models asks it.

    An episode is a task: its steps in order, the history always the recorded one.  A step is a
    series of questions about five candidates each (see `protocol`), a turn is one answer:
    `Answer: C`, `Action: SELECT`, `Value: Pickup`.  A reply without a letter counts as A and is
    not valid; so is a letter beyond the choices.  (With `parsing="lenient"` a reply without an
    `Answer:` is not an answer at all, and the question stands.)
    Reward: when a step ends, its element accuracy, divided by the number of steps of the task, so
    that an episode's sum is the task's mean, which is also `score`; `reward="mixed"` takes half
    element accuracy, half operation F1.  `success`: element and operation of all steps are right.
    Steps without a positive among the first `top_k` candidates are not asked, and score 0; a task
    without any other step is one question without choices.
    Turn limit: twice the questions that a task can have, so that it never cuts one short.
    Tasks: annotation ids; `task_type` is the website.

    Keywords beside `TextEnv`'s: `protocol` (`"clean"`, `"official"`, `"agentbench"`), `top_k` (50;
    not more than was prepared), `reward` (`"element"`, `"mixed"`).
    `info` also holds `step` (from 0), `steps`, `round`, `domain`, `website`, the task's means so
    far `element_acc`, `op_f1` and `step_success`, `steps_without_positive`, and `verdicts`: of each
    finished step its three scores and `positive_in_top_k`.
    """

    env_id = "stepagent/Mind2Web-v0"
    benchmark = "mind2web"
    turn_limits = {"full": 2000}
    metric_keys = ("element_acc", "op_f1", "step_success", "steps", "steps_without_positive")
    pooled = {
        **dict.fromkeys(("element_acc", "op_f1", "step_success"), "steps"),
        **dict.fromkeys(("element_acc_found", "op_f1_found", "step_success_found"), "steps_found"),
    }
    breakdowns = ("task_type", "domain")
    syntax = Syntax(
        kind="fields",
        names=("Answer", "Action", "Value"),
        expected="Answer: C\nAction: SELECT\nValue: Pickup",
        published=rules.read_published,
        published_error="",  # never shown: by the published rule any reply is an answer
    )

    def __init__(
        self,
        *,
        split: str = "test",
        data: str | Path | None = None,
        action_format: ActionFormat = "react",
        max_turns: int | str | None = None,
        parsing: Parsing = "lenient",
        render_mode: str | None = None,
        protocol: Protocol = "clean",
        top_k: int = 50,
        reward: Reward = "element",
    ) -> None:
        choose("protocol", protocol, get_args(Protocol))
        choose("reward", reward, get_args(Reward))
        if isinstance(top_k, bool) or not isinstance(top_k, int) or top_k < 1:
            raise UsageError(f"top_k is a number of at least 1, not {top_k!r}")
        self.protocol = protocol
        self.top_k = top_k
        self.reward = reward
        self._task: Task
        self._step: Step
        self._shown: Shown
        self._state: Elimination
        self._verdicts: list[Verdict | None] = []
        super().__init__(
            split=split,
            data=data,
            action_format=action_format,
            max_turns=max_turns,
            parsing=parsing,
            render_mode=render_mode,
            settings={"protocol": protocol, "top_k": top_k, "reward": reward},
        )

    def conditions(self) -> dict[str, Any]:
        """Add by what the candidates were ranked, and whether observations may be passed on.

        Mind2Web's authors ask that its test data is not redistributed.
        """
        dataset = self._store.dataset
        kept = self.split.startswith("test") or self.split == "all"
        return {
            **super().conditions(),
            "ranking": dataset.info["ranking"],
            "redistributable": dataset.name == "embedded" or not kept,
        }

    def _load(self, data: str | Path | None, split: str) -> TaskSet:
        self._store = Store.open(data)
        if self.top_k > self._store.top_k:
            raise UsageError(
                f"top_k={self.top_k}: {self._store.dataset.name} was prepared with "
                f"{self._store.top_k} candidates a step; prepare it again with --top-k {self.top_k}"
            )
        return self._store.tasks(split)

    def _turn_limit(self, task_id: str) -> int:
        if isinstance(self._limit, int):
            return self._limit
        steps = len(self._store.task(task_id).best_ranks)
        return 2 * steps * rules.most_rounds(self.top_k)

    def _start(self, task_id: str, seed: int) -> Outcome:
        self._task = self._store.task(task_id)
        self._verdicts = []
        if not self._open_step():
            self._verdicts = []
            self._step = self._store.step_at(self._task.first)
            self._state = Elimination((), None, 0)
        self._look()
        return self._outcome(self._question())

    def _act(self, action: str) -> Outcome:
        given = rules.read_answer(action)
        choices = [candidate for candidate, _ in self._shown.choices]
        self._state, within = rules.answer(self._state, choices, given, self.protocol)
        valid = given.readable and within
        if not rules.is_over(self._state, self.protocol):
            self._look()
            return self._outcome(self._question(), valid=valid)
        verdict = self._verdict()
        self._verdicts.append(verdict)
        reward = self._worth(verdict) / len(self._task.best_ranks) if verdict else 0.0
        if self._open_step():
            self._look()
            return self._outcome(self._question(), valid=valid, reward=reward)
        self._shown = Shown("", ())
        over = "That was the last step of this task."
        return self._outcome(over, valid=valid, reward=reward, terminated=True)

    def _open_step(self) -> bool:
        """Go to the next step that is asked, passing over those that are not."""
        steps = len(self._task.best_ranks)
        while len(self._verdicts) < steps:
            self._step = self._store.step_at(self._task.first + len(self._verdicts))
            candidates = [i for i, rank in enumerate(self._step.ranks) if rank < self.top_k]
            self._state = rules.begin(candidates, f"{self._task.id}_{self._step.uid}")
            if self._has_positive() and not rules.is_over(self._state, self.protocol):
                return True
            self._verdicts.append(rules.FAILED if self._has_positive() else None)
        return False

    def _has_positive(self) -> bool:
        ranks = self._step.ranks[: self._step.positives]
        return any(rank < self.top_k for rank in ranks)

    def _verdict(self) -> Verdict | None:
        """Judge the finished step; None if it has no positive to find."""
        if not self._has_positive():
            return None
        return rules.judge(
            rules.selected(self._state),
            range(self._step.positives),
            rules.wanted_operation(self._step.op, self._step.value),
        )

    def _worth(self, verdict: Verdict) -> float:
        if self.reward == "element":
            return verdict.element_acc
        return (verdict.element_acc + verdict.op_f1) / 2

    def _look(self) -> None:
        self._shown = show(self._step.page, rules.group_of(self._state))

    def _question(self) -> str:
        return write_question(self._task, self._step, self._shown)

    def _outcome(
        self, observation: str, *, valid: bool = True, reward: float = 0.0, terminated: bool = False
    ) -> Outcome:
        task, steps = self._task, len(self._task.best_ranks)
        finished = [verdict or rules.FAILED for verdict in self._verdicts]
        return Outcome(
            observation=observation,
            reward=reward,
            terminated=terminated,
            valid=valid,
            success=sum(verdict.step_success == 1.0 for verdict in finished) == steps,
            score=_mean([self._worth(verdict) for verdict in finished], steps),
            info={
                "task_type": task.website,
                "website": task.website,
                "domain": task.domain,
                "step": min(len(finished), steps - 1),
                "steps": steps,
                "round": self._state.round,
                "element_acc": _mean([verdict.element_acc for verdict in finished], steps),
                "op_f1": _mean([verdict.op_f1 for verdict in finished], steps),
                "step_success": _mean([verdict.step_success for verdict in finished], steps),
                "steps_without_positive": task.without_positive(self.top_k),
                "verdicts": [
                    {
                        **(verdict or rules.FAILED)._asdict(),
                        "positive_in_top_k": verdict is not None,
                    }
                    for verdict in self._verdicts
                ],
            },
        )

    def metrics(self) -> dict[str, float]:
        """Add the averages over the steps that have a positive among their candidates.

        Steps without one count 0 in the published averages; these tell what was lost by ranking
        from what was lost by answering.  A task without any such step has none of them.
        """
        verdicts = [verdict for verdict in self._verdicts if verdict is not None]
        found = len(self._task.best_ranks) - self._task.without_positive(self.top_k)
        if not found:
            return super().metrics()
        return {
            **super().metrics(),
            "steps_found": float(found),
            **{
                f"{name}_found": _mean([getattr(verdict, name) for verdict in verdicts], found)
                for name in ("element_acc", "op_f1", "step_success")
            },
        }

    def _available_actions(self) -> Sequence[str]:
        return [f"Answer: {letter}" for letter in self._letters()]

    def _letters(self) -> str:
        return rules.LETTERS[: len(self._shown.choices) + 1]

    def _get_state(self) -> dict[str, Any]:
        return {
            "verdicts": [verdict and list(verdict) for verdict in self._verdicts],
            "elimination": self._state._asdict(),
        }

    def _set_state(self, task_id: str, seed: int, state: Any) -> None:
        self._task = self._store.task(task_id)
        self._verdicts = [
            verdict and Verdict(*map(float, verdict)) for verdict in state["verdicts"]
        ]
        self._state = Elimination.from_json(state["elimination"])
        steps, finished = len(self._task.best_ranks), len(self._verdicts)
        if finished > steps:
            raise ValueError(f"{finished} verdicts of {steps} steps")
        self._step = self._store.step_at(self._task.first + min(finished, steps - 1))
        known = range(len(self._step.ranks))
        if not all(candidate in known for candidate in self._state.queue):
            raise ValueError("a candidate that the step lacks")
        if finished < steps:
            self._look()
        else:
            self._shown = Shown("", ())

    def expert(self) -> tuple[str, str]:
        """Name a positive wherever one is shown.

        Where the published protocol would end before the one candidate that is left was asked
        about, and that is a positive, another is named to keep the step going.
        """
        operation = [f"Action: {self._step.op}"]
        if self._step.op != "CLICK":
            operation.append(f"Value: {self._step.value.partition(chr(10))[0]}")
        positives = range(self._step.positives)
        shown = [candidate for candidate, _ in self._shown.choices]
        left = self._state.queue[rules.GROUP :]
        place = next((place for place, c in enumerate(shown) if c in positives), None)
        if place is not None:
            thought = "This is the element that the task needs now."
        elif self._ends_unasked(left) and left[0] in positives:
            place, thought = 0, "None of these is right, but one of them must stay for now."
        else:
            return "None of these is the element that the task needs now.", "Answer: A"
        letter = rules.LETTERS[place + 1]
        return thought, "\n".join([f"Answer: {letter}", *operation])

    def _ends_unasked(self, left: Sequence[int]) -> bool:
        unnamed = len(left) == 1 and not rules.was_named(self._state, left[0])
        return unnamed and self.protocol != "clean"

    def explore(self, seed: int) -> str:
        """Draw a letter, and an operation."""
        rng = random.Random(seed)
        return f"Answer: {rng.choice(self._letters())}\nAction: {rng.choice(rules.OPERATIONS)}"


def _mean(values: Sequence[float], count: int) -> float:
    """Give the mean over `count` things, of which those without a value count 0."""
    total = 0.0
    for value in values:
        total += value
    return total / count
