"""`stepagent/ALFWorld-v0`: household tasks in text, by a native engine or by TextWorld."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from stepagent_gym.envs.alfworld import expert
from stepagent_gym.envs.alfworld.engine import NOTHING_HAPPENS, Engine
from stepagent_gym.envs.alfworld.game import Grammar, State
from stepagent_gym.envs.alfworld.library import Library
from stepagent_gym.envs.alfworld.reference import ReferenceProcess, Turn
from stepagent_gym.episode import Outcome, TaskSet
from stepagent_gym.errors import EnvironmentFault
from stepagent_gym.react import ActionFormat, Parsing, Syntax
from stepagent_gym.text_env import TextEnv, choose

EngineName = Literal["native", "textworld"]
Prefix = Literal["strip", "keep"]
Oracle = Literal["walkthrough", "explorer", "sweeper"]


def _published(text: str) -> str | None:
    r"""Apply ETO's rule, `Action:\s?(.*)` over all lines."""
    _, found, rest = text.partition("Action:")
    return (rest[1:] if rest[:1].isspace() else rest) if found else None


class ALFWorldEnv(TextEnv):
    """ALFWorld (Shridhar et al. 2021), text only, at parity with TextWorld.

    Actions: commands (`go to shelf 1`, `take mug 1 from desk 1`, ...); one that is not among
    `available_actions` is answered "Nothing happens.".
    Reward: 1 when the game is won, which ends the episode.  `success`: won.  `score`: the share of
    sub-goals that are met now, as ALFRED's goal-condition success counts them.
    Turn limits: 40 (ETO, the default), 20 (IPR), 50 (TextWorld's own).
    Tasks: `<split>/<task>/<trial>`; `task_type` is one of the six.

    Keywords beside `TextEnv`'s:
    `engine`: `"native"`, or `"textworld"`, the reference in a process of its own (extra
    `alfworld`); the native engine then plays along, and a difference is an `EnvironmentFault`.
    `grammar`: `"old"` (`put mug 1 in/on desk 1`), `"new"` (`move mug 1 to desk 1`), or None for
    that of the game's file.
    `prefix`: `"strip"` takes the old grammar's "You arrive at loc 7. " away, as ETO does.
    `oracle`: `"walkthrough"`, or `"explorer"`, an expert that searches as one who does not know
    where things are; without a walkthrough, or off its path, the oracle explores.  `"sweeper"`
    explores one place after the other, as the room lists them.

    The first observation lacks the paragraph "Welcome", as in ETO.
    """

    env_id = "stepagent/ALFWorld-v0"
    benchmark = "alfworld"
    turn_limits = {"eto": 40, "ipr": 20, "textworld": 50}
    syntax = Syntax(
        kind="line",
        names=(),
        expected="one of the admissible commands, such as: go to shelf 1",
        published=_published,
        published_error="Error Input. Your input must contains 'Action: '",
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
        engine: EngineName = "native",
        grammar: Grammar | None = None,
        prefix: Prefix = "strip",
        oracle: Oracle = "walkthrough",
    ) -> None:
        choose("engine", engine, get_args(EngineName))
        choose("grammar", grammar, (None, *get_args(Grammar)))
        choose("prefix", prefix, get_args(Prefix))
        choose("oracle", oracle, get_args(Oracle))
        self.grammar = grammar
        self.prefix = prefix
        self.oracle = oracle
        self._engine: Engine
        self._state: State
        self.slow = engine == "textworld"
        self._reference = ReferenceProcess() if self.slow else None
        self._commands: list[str] = []
        super().__init__(
            split=split,
            data=data,
            action_format=action_format,
            max_turns=max_turns,
            parsing=parsing,
            render_mode=render_mode,
            settings={"engine": engine, "grammar": grammar, "prefix": prefix},
        )

    def conditions(self) -> dict[str, Any]:
        """Add the grammars of the games, and which expert the oracle is."""
        grammars = ", ".join(self._library.dataset.info["grammars"])
        conditions = {**super().conditions(), "oracle": self.oracle}
        return {**conditions, "grammar": self.grammar or f"the game's ({grammars})"}

    def close(self) -> None:
        """End the reference engine's process, if there is one."""
        if self._reference is not None:
            self._reference.close()
        super().close()

    def _load(self, data: str | Path | None, split: str) -> TaskSet:
        self._library = Library.open(data)
        return self._library.tasks(split)

    def _start(self, task_id: str, seed: int) -> Outcome:
        self._engine = self._library.engine(task_id, self.grammar)
        self._state = self._engine.game.start
        text = self._engine.intro(self._state)
        self._commands = []
        if self._reference is not None:
            game, problem = self._engine.game, self._library.problem(task_id)
            turn = self._reference.reset(problem.to_text(), game.task, self._engine.grammar)
            self._compare(turn._replace(text=turn.text.partition("\n\n")[2]), text)
        # ETO drops the first of three paragraphs and joins the others by one newline.
        return self._outcome(text.replace("\n\n", "\n"), valid=True)

    def _act(self, action: str) -> Outcome:
        turn = self._engine.act(self._state, action)
        text = NOTHING_HAPPENS
        if turn is not None:
            self._state, text = turn
        if self._reference is not None:
            self._compare(self._reference.act(action), text)
            self._commands.append(action)
        if self.prefix == "strip" and text.startswith("You arrive at loc "):
            text = text.partition(". ")[2]
        return self._outcome(text, valid=turn is not None)

    def _outcome(self, text: str, *, valid: bool) -> Outcome:
        met, count = self._engine.progress(self._state)
        won = met == count
        return Outcome(
            observation=text,
            reward=float(won),
            terminated=won,
            valid=valid,
            success=won,
            score=met / count,
            info={"task_type": self._engine.game.task_type},
        )

    def _compare(self, turn: Turn, text: str) -> None:
        """Hold the native engine against the reference."""
        mine = Turn(text, self._engine.admissible(self._state), self._engine.won(self._state))
        if turn != mine:
            raise EnvironmentFault(
                f"{self._engine.game.id}: the engines differ after {self._commands}: "
                f"TextWorld gives {turn}, the native engine {mine}"
            )

    def _available_actions(self) -> Sequence[str]:
        return self._engine.admissible(self._state)

    def _get_state(self) -> Any:
        return {"state": self._state.to_json(), "commands": list(self._commands)}

    def _set_state(self, task_id: str, seed: int, state: Any) -> None:
        self._engine = self._library.engine(task_id, self.grammar)
        if self._reference is None:
            self._state = State.from_json(state["state"])
            self._engine.check(self._state)
            return
        self._start(task_id, seed)
        for command in state["commands"]:
            self._act(command)

    def expert(self) -> tuple[str, str]:
        """Give the next step of the walkthrough, or of the exploring expert."""
        if self.oracle == "walkthrough":
            command = self._engine.walkthrough.get(self._state._replace(seen=()))
            if command is not None:
                return f"The next step towards the task is to {command}.", command
        by_habit = self.oracle != "sweeper"
        return expert.next_action(self._engine, self._state, by_habit=by_habit)
