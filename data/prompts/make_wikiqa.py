"""Make the prompts of the three question sets: the instruction, and demonstrations.

    python data/prompts/make_wikiqa.py [FOLDER]

Demonstrations are episodes over the embedded encyclopedia.  Their thoughts say what a reader would:
what is asked for, what the last paragraph says of it, and what is to be looked up next.
"""

import sys
from pathlib import Path

from demonstrations import Scripted, flawless, play, write_prompt

from stepagent_gym.envs.wikiqa.library import Library
from stepagent_gym.envs.wikiqa.records import Question
from stepagent_gym.types import Trajectory

INSTRUCTION = (
    "You answer questions with the help of an encyclopedia. A question asks for facts that stand "
    "in several articles, so you have to look up one after the other.\n\n"
    "Each turn you answer with one action:\n"
    "Search[entity]   shows the first paragraph of the article of that title; if there is none, "
    "it lists similar titles\n"
    "Finish[answer]   ends the task with your answer\n\n"
    "The answer should be a name, a date, a number, or yes or no, in as few words as possible."
)
FORMATS = {
    "react": "Answer in this form:\n\nThought: what you think\nAction: Search[...] or Finish[...]",
    "bare": "Answer with the action alone: Search[...] or Finish[...]",
}
SHOWN = {
    "hotpotqa": ("HotpotQA", ("bridge", "comparison", "bridge")),
    "2wikimultihopqa": ("2WikiMultihopQA", ("compositional", "bridge_comparison", "inference")),
    "musique": ("MuSiQue", ("2hop", "3hop", "4hop")),
}


def write_script(library: Library, question: Question) -> list[tuple[str, str]]:
    """Write thoughts and actions of a reader who names what was found before going on."""
    script = []
    for place, title in enumerate(question.supporting):
        if place == 0:
            thought = f"The question is about {title}. I look it up first."
        else:
            text = library.corpus.paragraph(library.corpus.find(question.supporting[place - 1])[0])[
                1
            ]
            fact = next((s for s in text.split(". ") if title in s), None)
            told = f'I read: "{fact.removesuffix(".")}." ' if fact else ""
            thought = f"{told}Next I need to know about {title}."
        script.append((thought, f"Search[{title}]"))
    last = library.corpus.paragraph(library.corpus.find(question.supporting[-1])[0])[1]
    fact = next((s for s in last.split(". ") if question.answer in s), None)
    told = f'I read: "{fact.removesuffix(".")}." ' if fact else "I compare what both say. "
    script.append((f"{told}So the answer is {question.answer}.", f"Finish[{question.answer}]"))
    return script


def choose(benchmark: str) -> list[Trajectory]:
    """Play the train questions, and choose the first flawless episode of each kind shown."""
    name, kinds = SHOWN[benchmark]
    library = Library.open(benchmark, None)
    questions = {task: library.question(task) for task in library.tasks("train").ids}
    scripts = {task: write_script(library, question) for task, question in questions.items()}
    left = list(kinds)
    chosen: dict[str, Trajectory] = {}
    for trajectory in play(f"stepagent/{name}-v0", list(scripts), Scripted(scripts)):
        kind = questions[trajectory.task_id].kind
        whole = trajectory.metrics["supporting_recall"] == 1.0
        if kind in left and flawless(trajectory) and whole:
            left.remove(kind)
            chosen[f"{kinds.index(kind)} {len(left)}"] = trajectory
    return list(chosen.values())


def main(folder: Path) -> None:
    """Write the three prompts."""
    for benchmark in SHOWN:
        write_prompt(
            folder / f"{benchmark}.json",
            instruction=INSTRUCTION,
            formats=FORMATS,
            episodes=choose(benchmark),
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
