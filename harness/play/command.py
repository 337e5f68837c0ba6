"""The command `stepagent play`."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from harness.evaluate import read_keywords
from harness.play.experts import ExpertFile
from harness.play.game import Game, find_task
from harness.play.terminal import play_in_terminal
from stepagent_gym import ENVIRONMENTS
from stepagent_gym.errors import UsageError
from stepagent_gym.react import ActionFormat

WEBSHOP = "stepagent/WebShop-v0"


@dataclass(frozen=True)
class PlayConfig:
    """Play an environment yourself; every episode that ends is saved as a trajectory."""

    env: tyro.conf.Positional[str]
    """The environment's id, such as stepagent/ALFWorld-v0."""
    split: str = "test"
    task: str | None = None
    """The task to begin with, by id or index; by default the first of the split."""
    data: str | None = None
    """Prepared data by name or path; by default the embedded tasks."""
    seed: int = 0
    max_turns: str | None = None
    """A number, or the name of a published limit; by default the benchmark's own."""
    action_format: ActionFormat = "react"
    """How turns are recorded: with thoughts, or actions alone."""
    set: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """A keyword of the environment, as NAME=VALUE; may be given several times."""
    out: Path = Path("runs/play/trajectories.jsonl")
    """The JSON Lines file that finished episodes are appended to."""
    web: bool = False
    """Serve WebShop as web pages."""
    host: str = "127.0.0.1"
    """The address that the pages are served at; the default is seen by this machine alone."""
    port: int = 8000

    def options(self) -> dict[str, Any]:
        """Give the keywords of the environment."""
        turns = self.max_turns
        return {
            "split": self.split,
            "data": self.data,
            "action_format": self.action_format,
            "max_turns": int(turns) if turns is not None and turns.isdigit() else turns,
            **read_keywords(self.set),
        }


def run_play(arguments: list[str]) -> int:
    """Let a person play; status 0 when they leave."""
    config = tyro.cli(PlayConfig, args=arguments, prog="stepagent play")
    env_id = config.env.removeprefix("stepagent_gym:")
    if env_id not in ENVIRONMENTS:
        raise UsageError(f"no environment {env_id!r}; there are {', '.join(ENVIRONMENTS)}")
    if config.web and env_id != WEBSHOP:
        raise UsageError(f"--web shows {WEBSHOP} alone; {env_id} is played in the terminal")
    options, experts = config.options(), ExpertFile(config.out)
    if config.web:
        from harness.play.shop import serve_shop

        return serve_shop(options, config.task, config.seed, experts, config.host, config.port)
    game = Game(env_id, options, experts)
    return asyncio.run(play_in_terminal(game, find_task(game.env, config.task), config.seed))
