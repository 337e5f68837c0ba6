"""Make `intercode_sql.json`: the instruction, and demonstrations over the embedded databases.

python data/prompts/make_intercode_sql.py [OUT]
"""

import sys
from pathlib import Path

from demonstrations import Scripted, flawless, play, write_prompt

from stepagent_gym.envs.intercode_sql.library import Library, Task
from stepagent_gym.envs.intercode_sql.mysql.lexer import tokenise
from stepagent_gym.types import Trajectory

INSTRUCTION = (
    "You answer questions with SQL. Behind each question is a MySQL database whose tables you do "
    "not know yet.\n\n"
    "Each turn you answer with one action:\n"
    "one SQL statement   is executed, and you see its rows, or the error\n"
    "submit              ends the task; the rows of your last statement are your answer\n\n"
    "Statements such as SHOW TABLES and DESCRIBE help to know the database. It cannot be changed. "
    "Long results are cut off when they are shown, and count whole. Select exactly what is asked "
    "for: no columns more, and in the order that is asked for."
)
FORMATS = {
    "react": (
        "Answer in this form:\n\nThought: what you think\nAction: one SQL statement, or submit"
    ),
    "bare": "Answer with the action alone: one SQL statement, or submit",
}
SHOWN = ("medium", "hard", "extra")


def write_script(library: Library, task: Task) -> list[tuple[str, str]]:
    """Write thoughts and actions of somebody who looks before writing the query."""
    words = {token.value.lower() for token in tokenise(task.gold)}
    tables = [name for name in sorted(library.schemas[task.database].tables) if name in words]
    script = [("I first need to know which tables there are.", "SHOW TABLES")]
    for place, name in enumerate(tables):
        also = "also " if place else ""
        script.append(
            (f"The question {also}concerns {name}, so I look at its columns.", f"DESCRIBE {name}")
        )
    listed = " and ".join(tables)
    thought = f"I now know the columns of {listed}, and can write what is asked for as one query."
    script.append((thought, task.gold))
    script.append(("These rows answer the question, so I submit them.", "submit"))
    return script


def main() -> None:
    """Write the prompt: of each hardness shown, the first train task of two tables, if any."""
    library = Library.open(None)
    tasks = {task: library.task(task) for task in library.tasks("train").ids}
    scripts = {name: write_script(library, task) for name, task in tasks.items()}
    chosen: dict[str, Trajectory] = {}
    for trajectory in play("stepagent/InterCodeSQL-v0", list(scripts), Scripted(scripts)):
        hardness = tasks[trajectory.task_id].hardness
        new = tasks[trajectory.task_id].database not in {
            tasks[other.task_id].database for other in chosen.values()
        }
        if flawless(trajectory) and new and len(trajectory.steps) == len(SHOWN) + 2:
            chosen.setdefault(hardness, trajectory)
    write_prompt(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("intercode_sql.json"),
        instruction=INSTRUCTION,
        formats=FORMATS,
        episodes=[chosen[hardness] for hardness in SHOWN],
    )


if __name__ == "__main__":
    main()
