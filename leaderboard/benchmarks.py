"""The columns of the board: each benchmark, and the one number of it that is ranked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Benchmark:
    """A benchmark on the board.

    `slug`: its name in addresses.  `metric`: the metric of a summary that is ranked; `label`: what
    the field calls it.
    """

    slug: str
    title: str
    env_id: str
    metric: str
    label: str


BENCHMARKS = (
    Benchmark("webshop", "WebShop", "stepagent/WebShop-v0", "reward", "average reward"),
    Benchmark(
        "mind2web", "Mind2Web", "stepagent/Mind2Web-v0", "element_acc", "element accuracy (macro)"
    ),
    Benchmark(
        "scienceworld", "ScienceWorld", "stepagent/ScienceWorld-v0", "reward", "average reward"
    ),
    Benchmark("alfworld", "ALFWorld", "stepagent/ALFWorld-v0", "success", "success rate"),
    Benchmark("hotpotqa", "HotpotQA", "stepagent/HotpotQA-v0", "em", "exact match"),
    Benchmark(
        "2wikimultihopqa", "2WikiMultihopQA", "stepagent/2WikiMultihopQA-v0", "em", "exact match"
    ),
    Benchmark("musique", "MuSiQue", "stepagent/MuSiQue-v0", "em", "exact match"),
    Benchmark(
        "intercode-sql", "InterCode-SQL", "stepagent/InterCodeSQL-v0", "reward", "average reward"
    ),
)
BY_SLUG = {benchmark.slug: benchmark for benchmark in BENCHMARKS}
BY_ENV = {benchmark.env_id: benchmark for benchmark in BENCHMARKS}
