"""`stepagent bench train`: pairs a second, tree packing beside separate passes and beside TRL.

The pairs are one-turn DPO pairs on random episodes: at every turn, the episode's own reply is
preferred to each of K others.  All three compute the same mean loss and its gradient, on the same
model and with the log-probabilities of the reference already known:

    packed   an episode and all its branches in one row
    sorted   every pair written out, sorted by length, logits only where they count
    trl      TRL's DPOTrainer (its collator and its `compute_loss`), batches in the order given
"""

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor
from torch.nn.functional import logsigmoid
from transformers import LlamaConfig, LlamaForCausalLM

from harness.runs import write_json
from stepagent_gym.errors import NotInstalled
from stepagent_train.init import train_tokenizer
from stepagent_train.model import Scorer, Tuning, load_model
from stepagent_train.packing import Tree, tree_log_probs, turn_branch
from stepagent_train.pairs import sum_log_probs
from stepagent_train.tokens import NOT_OWN, Tokens

BETA = 0.1


@dataclass(frozen=True)
class BenchConfig:
    """Compare ways to train on one-turn pairs."""

    model: Path | None = None
    """Folder of a model; by default a random Llama."""
    width: int = 128
    layers: int = 2
    vocabulary: int = 2048
    episodes: int = 2
    turns: tuple[int, int] = (6, 10)
    """Fewest and most turns of an episode."""
    seen: int = 50
    """Tokens of an observation."""
    reply: int = 30
    """Tokens of a reply, give or take a third."""
    branches: tuple[int, ...] = (1, 3)
    """K, how many other replies each turn has."""
    batch: int = 8
    """Pairs a forward pass of the ways that write them out; the packed way takes an episode."""
    rounds: int = 3
    """The ways take turns, and the best of so many is given: others may use the machine."""
    trl: bool = True
    out: Path | None = None
    """Also write the figures as JSON."""


def run_bench_train(config: BenchConfig) -> None:
    """Measure, and print a table."""
    table = Table(title="one-turn pairs: forward and backward")
    for heading in ("K", "way", "pairs", "tokens", "pairs a second", "ratio", "loss"):
        table.add_column(heading, justify="right")
    results = []
    for branches in config.branches:
        rows = measure(config, branches)
        results += rows
        for row in rows:
            cells = (row["pairs"], row["tokens"], f"{row['rate']:.1f}", f"{row['ratio']:.1f}x")
            table.add_row(str(branches), row["way"], *map(str, cells), f"{row['loss']:.6f}")
    Console(width=100).print(table)
    if config.out is not None:
        write_json(config.out, results)


def measure(config: BenchConfig, branches: int) -> list[dict[str, Any]]:
    """Measure every way for one K; `ratio` is the packed rate over the way's."""
    torch.manual_seed(0)
    model: Any
    if config.model is None:
        shape = LlamaConfig(
            vocab_size=config.vocabulary,
            hidden_size=config.width,
            intermediate_size=2 * config.width,
            num_hidden_layers=config.layers,
            num_attention_heads=config.width // 32,
            max_position_embeddings=4096,
            bos_token_id=None,
            eos_token_id=0,
            pad_token_id=0,
        )
        model = LlamaForCausalLM(shape)
    else:
        model = load_model(config.model, Tuning())
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    scorer = Scorer(model)
    trees = random_trees(config, branches, int(model.config.vocab_size))
    pairs = [pair for tree in trees for pair in written_out(tree)]
    with torch.no_grad():
        scored = [sum_log_probs(scorer, part) for part in _chunks(pairs, 1)]
    reference = [(float(a) + 0.5, float(b) - 0.5) for a, b in scored]
    ways: dict[str, tuple[int, Callable[[], float]]] = {
        "packed": (sum(tree.length for tree in trees), _Packed(scorer, trees, reference)),
        "sorted": (
            sum(len(side) for pair in pairs for side in pair),
            _Sorted(scorer, pairs, reference, config),
        ),
    }
    if config.trl:
        ways["trl"] = (ways["sorted"][0], _Trl(model, pairs, reference, config))
    losses = {way: call() for way, (_, call) in ways.items()}
    rounds = [
        {way: _seconds(call) for way, (_, call) in ways.items()} for _ in range(config.rounds)
    ]
    seconds = {way: min(times[way] for times in rounds) for way in ways}
    return [
        {
            "way": way,
            "k": branches,
            "pairs": len(pairs),
            "tokens": tokens,
            "rate": len(pairs) / seconds[way],
            "ratio": seconds[way] / seconds["packed"],
            "loss": losses[way],
        }
        for way, (tokens, _) in ways.items()
    ]


def random_trees(config: BenchConfig, branches: int, vocabulary: int) -> list[Tree]:
    """Make episodes of random tokens, each turn with so many branches."""
    generator = torch.Generator().manual_seed(1)

    def number(low: int, high: int) -> int:
        return int(torch.randint(low, high + 1, (), generator=generator))

    def ids(count: int) -> list[int]:
        return torch.randint(8, vocabulary, (count,), generator=generator).tolist()

    def reply() -> int:
        return number(config.reply - config.reply // 3, config.reply + config.reply // 3)

    trees = []
    for _ in range(config.episodes):
        every: list[int] = []
        marks: list[int] = []
        for turn in range(number(*config.turns)):
            own = reply()
            every += ids(config.seen + own)
            marks += [NOT_OWN] * config.seen + [turn] * own
        trunk = Tokens(tuple(every), tuple(marks))
        trees.append(
            Tree(
                trunk,
                tuple(
                    turn_branch(trunk, turn, ids(reply()))
                    for turn in range(marks[-1] + 1)
                    for _ in range(branches)
                ),
            )
        )
    return trees


def written_out(tree: Tree) -> list[tuple[Tokens, Tokens]]:
    """Give the pairs of a tree as sequences of their own: the trunk's turn, and a branch."""
    pairs = []
    for at, tokens in tree.branches:
        turn = tokens.turns[0]
        end = len(tree.trunk) - tree.trunk.turns[::-1].index(turn)
        before = (NOT_OWN,) * at
        chosen = Tokens(tree.trunk.ids[:end], before + tree.trunk.turns[at:end])
        pairs.append((chosen, Tokens(tree.trunk.ids[:at] + tokens.ids, before + tokens.turns)))
    return pairs


@dataclass(frozen=True)
class _Packed:
    scorer: Scorer
    trees: Sequence[Tree]
    reference: Sequence[tuple[float, float]]

    def __call__(self) -> float:
        total, done = 0.0, 0
        self.scorer.zero_grad()
        for tree in self.trees:
            ((turns, rejected),) = tree_log_probs(self.scorer, [tree])
            chosen = turns[[branch.tokens.turns[0] for branch in tree.branches]]
            known = self.reference[done : done + len(tree.branches)]
            done += len(tree.branches)
            loss = _loss(chosen, rejected, known) / len(self.reference)
            loss.backward()
            total += loss.item()
        return total


@dataclass(frozen=True)
class _Sorted:
    scorer: Scorer
    pairs: Sequence[tuple[Tokens, Tokens]]
    reference: Sequence[tuple[float, float]]
    config: BenchConfig

    def __call__(self) -> float:
        total = 0.0
        self.scorer.zero_grad()
        order = sorted(range(len(self.pairs)), key=lambda i: max(map(len, self.pairs[i])))
        for part in _chunks(order, self.config.batch):
            sides = [self.pairs[i][side] for side in (0, 1) for i in part]
            sums = sum_log_probs(self.scorer, sides)
            known = [self.reference[i] for i in part]
            loss = _loss(sums[: len(part)], sums[len(part) :], known) / len(self.pairs)
            loss.backward()
            total += loss.item()
        return total


class _Trl:
    """TRL's trainer, asked for nothing but the loss of batches."""

    def __init__(
        self,
        model: Any,
        pairs: Sequence[tuple[Tokens, Tokens]],
        reference: Sequence[tuple[float, float]],
        config: BenchConfig,
    ) -> None:
        try:
            from datasets import Dataset
            from trl.trainer.dpo_config import DPOConfig
            from trl.trainer.dpo_trainer import DPOTrainer
        except ImportError as error:
            raise NotInstalled(
                f"the comparison needs {error.name}: pip install 'stepagent-gym[train]', "
                "or leave TRL out with --no-trl"
            ) from error
        rows = [{"prompt": "a", "chosen": "b", "rejected": "c"}]
        with TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            settings = DPOConfig(
                output_dir=folder,
                beta=BETA,
                precompute_ref_log_probs=True,
                report_to=[],
                max_length=None,
                bf16=False,
                gradient_checkpointing=False,
                disable_tqdm=True,
            )
            self.trainer: Any = DPOTrainer(
                model=model,
                args=settings,
                train_dataset=Dataset.from_list(rows),
                processing_class=train_tokenizer(["a b c"], 300),
            )
        self.model = model
        self.total = len(pairs)
        examples = [_trl_example(*both) for both in zip(pairs, reference, strict=True)]
        self.batches = list(_chunks(examples, config.batch))

    def __call__(self) -> float:
        total = 0.0
        self.model.zero_grad()
        for part in self.batches:
            batch = self.trainer.data_collator(part)
            batch = {name: value.to(self.model.device) for name, value in batch.items()}
            loss = self.trainer.compute_loss(self.model, batch) * len(part) / self.total
            loss.backward()
            total += loss.item()
        return total


def _trl_example(
    pair: tuple[Tokens, Tokens], reference: tuple[float, float]
) -> dict[str, list[int] | float]:
    chosen, rejected = pair
    at = chosen.mask.index(True)
    return {
        "prompt_ids": list(chosen.ids[:at]),
        "chosen_ids": list(chosen.ids[at:]),
        "rejected_ids": list(rejected.ids[at:]),
        "ref_chosen_logps": reference[0],
        "ref_rejected_logps": reference[1],
    }


def _loss(chosen: Tensor, rejected: Tensor, reference: Sequence[tuple[float, float]]) -> Tensor:
    known = chosen.new_tensor(reference)
    return -logsigmoid(BETA * ((chosen - known[:, 0]) - (rejected - known[:, 1]))).sum()


def _chunks(items: Sequence[Any], size: int) -> Iterator[Any]:
    for start in range(0, len(items), size):
        part = items[start : start + size]
        yield part[0] if size == 1 else part


def _seconds(call: Callable[[], float]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
