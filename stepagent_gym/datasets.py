"""Where tasks live: the embedded ones, and real ones that were prepared once.

A prepared dataset is a folder with a `manifest.json` that names every other file with its size and
SHA-256.  Prepared data stands in `$STEPAGENT_DATA/<benchmark>/<name>` (default: the user's cache
folder); a preparation is written aside and moved into place whole, so a folder that has a manifest
is complete.  The embedded tasks ship with the package in the same form.
"""

import contextlib
import hashlib
import os
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import orjson
import platformdirs

from stepagent_gym.errors import DataCorrupt, DataError, DataNotFound, UsageError
from stepagent_gym.react import Prompt

FORMAT = 1
MANIFEST = "manifest.json"

PREPARERS: Mapping[str, str] = {
    "2wikimultihopqa": "stepagent_gym.envs.wikiqa.prepare",
    "alfworld": "stepagent_gym.envs.alfworld.prepare",
    "hotpotqa": "stepagent_gym.envs.wikiqa.prepare",
    "intercode_sql": "stepagent_gym.envs.intercode_sql.prepare",
    "musique": "stepagent_gym.envs.wikiqa.prepare",
    "mind2web": "stepagent_gym.envs.mind2web.prepare",
    "webshop": "stepagent_gym.envs.webshop.prepare",
}
"""The module of each benchmark with data of its own; it holds `Options` and
`prepare(sources, out, options, report)`."""


class Report(Protocol):
    """What a preparation tells of its progress: a line, and the share done where it is known."""

    def __call__(self, line: str, share: float | None = None) -> None:
        """Tell."""
        ...


def silent(line: str, share: float | None = None) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Prepared:
    """What a preparation says of its result: numbers of things, and the rules it followed."""

    counts: Mapping[str, int]
    info: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dataset:
    """A prepared dataset: its folder and its manifest."""

    path: Path
    benchmark: str
    name: str
    files: Mapping[str, Mapping[str, Any]]
    counts: Mapping[str, int]
    info: Mapping[str, Any]

    @cached_property
    def data_hash(self) -> str:
        """A hash of the content of all files (16 hexadecimal digits)."""
        lines = [f"{path} {entry['sha256']}" for path, entry in sorted(self.files.items())]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(entry["bytes"] for entry in self.files.values())


def cache_root() -> Path:
    """Give the folder of prepared data: `$STEPAGENT_DATA`, else the user's cache folder."""
    return Path(os.environ.get("STEPAGENT_DATA") or platformdirs.user_cache_dir("stepagent"))


def embedded_root() -> Path:
    """Give the folder `data/`, in the installed package or in the checkout."""
    package = Path(__file__).parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"


def load_prompt(benchmark: str) -> Prompt:
    """Read the prompt of a benchmark, `data/prompts/<benchmark>.json`."""
    path = embedded_root() / "prompts" / f"{benchmark}.json"
    try:
        content = path.read_bytes()
        return Prompt.from_json(orjson.loads(content), content)
    except FileNotFoundError:
        raise DataNotFound(f"there is no prompt for {benchmark!r}: {path} is missing") from None
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise DataCorrupt(f"{path} is no prompt file: {error!r}") from error


def open_dataset(benchmark: str, data: str | Path | None = None) -> Dataset:
    """Open prepared data by name or path (None: the embedded tasks).

    Reads the manifest and compares file sizes; `verify` compares the content.
    Raises `DataNotFound` or `DataCorrupt`.
    """
    path = _locate(benchmark, data)
    dataset = _read_manifest(path)
    if dataset.benchmark != benchmark:
        raise DataNotFound(f"{path} holds data of {dataset.benchmark!r}, not of {benchmark!r}")
    for name, entry in dataset.files.items():
        file = path / name
        try:
            size = file.stat().st_size
        except FileNotFoundError:
            raise DataCorrupt(f"{file} is missing; {_remedy(benchmark)}") from None
        if size != entry["bytes"]:
            raise DataCorrupt(
                f"{file} has {size:,} bytes instead of {entry['bytes']:,}; {_remedy(benchmark)}"
            )
    return dataset


def verify(dataset: Dataset) -> None:
    """Compare the content of every file with the manifest; raises `DataCorrupt`."""
    for name, entry in dataset.files.items():
        file = dataset.path / name
        if _sha256(file) != entry["sha256"]:
            raise DataCorrupt(f"the content of {file} changed; {_remedy(dataset.benchmark)}")


def list_datasets() -> list[Dataset]:
    """List embedded and prepared datasets, by benchmark and name."""
    found = []
    for root, pattern in ((embedded_root(), "*/prepared"), (cache_root(), "*/*")):
        for path in sorted(root.glob(f"{pattern}/{MANIFEST}")):
            if not path.parent.name.startswith("."):
                found.append(_read_manifest(path.parent))
    return found


def load_preparer(benchmark: str) -> Any:
    """Import the module that prepares a benchmark: it holds `Options` and `prepare`."""
    if benchmark not in PREPARERS:
        raise UsageError(
            f"no benchmark {benchmark!r} to prepare; there are {', '.join(sorted(PREPARERS))}"
        )
    return import_module(PREPARERS[benchmark])


def prepare(
    benchmark: str,
    sources: Sequence[str],
    *,
    name: str | None = None,
    options: Any | None = None,
    report: Report = silent,
) -> Dataset:
    """Prepare real data from local paths or URLs, under a name (default: the benchmark's).

    `options`: the `Options` of the benchmark's preparer (None: its defaults).  Nothing is left
    behind by a failure, and an older dataset of that name stays until the new one is complete.
    Raises `UsageError`, `DataNotFound` or `DataCorrupt`.
    """
    preparer = load_preparer(benchmark)
    name = name or benchmark
    if name != Path(name).name or name.startswith("."):
        raise UsageError(f"the name {name!r} is no plain folder name")
    if not sources:
        raise UsageError("nothing to prepare from; give --from PATH or URL")
    target = cache_root() / benchmark / name
    with _staging(target) as partial:
        local = [_local(source, partial / ".downloads", report) for source in sources]
        prepared = preparer.prepare(local, partial, options or preparer.Options(), report)
        shutil.rmtree(partial / ".downloads", ignore_errors=True)
        write_manifest(partial, benchmark, name, prepared)
    return _read_manifest(target)


def named_files(pairs: Sequence[str]) -> dict[str, Path]:
    """Read the `NAME=FILE` pairs of a preparer's `--split`; `UsageError` for anything else."""
    parts = [pair.partition("=") for pair in pairs]
    for pair, (name, _, file) in zip(pairs, parts, strict=True):
        if not name or not file:
            raise UsageError(f"--split takes NAME=FILE, not {pair!r}")
    return {name: Path(file) for name, _, file in parts}


def write_manifest(path: Path, benchmark: str, name: str, prepared: Prepared) -> None:
    """Write the manifest of the files under `path`, last, as the mark of completeness."""
    files = {
        file.relative_to(path).as_posix(): {"bytes": file.stat().st_size, "sha256": _sha256(file)}
        for file in sorted(path.rglob("*"))
        if file.is_file() and file.name != MANIFEST
    }
    manifest = {
        "format": FORMAT,
        "benchmark": benchmark,
        "name": name,
        "counts": dict(prepared.counts),
        "info": dict(prepared.info),
        "files": files,
    }
    content = orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    (path / MANIFEST).write_bytes(content + b"\n")


def _locate(benchmark: str, data: str | Path | None) -> Path:
    if data is None:
        path = embedded_root() / benchmark / "prepared"
        if not (path / MANIFEST).is_file():
            raise DataNotFound(f"the embedded tasks of {benchmark!r} are missing from {path}")
        return path
    named = cache_root() / benchmark / str(data)
    for path in (named, Path(data)):
        if (path / MANIFEST).is_file():
            return path
    prepared = [d.name for d in list_datasets() if d.benchmark == benchmark]
    raise DataNotFound(
        f"no prepared data {str(data)!r} for {benchmark!r} (looked in {named} and {data}); "
        f"there are: {', '.join(prepared) or 'none'}; prepare some with "
        f"`stepagent data prepare {benchmark} --from PATH --name NAME`"
    )


def _read_manifest(path: Path) -> Dataset:
    file = path / MANIFEST
    try:
        value = orjson.loads(file.read_bytes())
        if value["format"] != FORMAT:
            raise DataCorrupt(
                f"{file} has format {value['format']}, this version reads {FORMAT}; "
                f"{_remedy(value['benchmark'])}"
            )
        return Dataset(
            path,
            value["benchmark"],
            value["name"],
            value["files"],
            value["counts"],
            value["info"],
        )
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise DataCorrupt(f"{file} is no manifest ({error!r}); prepare the data again") from error


@contextlib.contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """Give a folder beside `target` that takes its place on success and vanishes on failure."""
    partial = target.parent / f".{target.name}.{os.getpid()}.partial"
    old = target.parent / f".{target.name}.{os.getpid()}.old"
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield partial
        if target.exists():
            target.rename(old)
        partial.rename(target)
    except OSError as error:
        raise DataError(
            f"cannot write {error.filename or partial}: {error.strerror}; "
            "free space or set STEPAGENT_DATA to a folder that can be written"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _local(source: str, folder: Path, report: Report) -> Path:
    """Give a source as a local path, downloaded into `folder` if it is a URL."""
    url = urllib.parse.urlsplit(source)
    if url.scheme not in ("http", "https"):
        path = Path(source).expanduser()
        if not path.exists():
            raise DataNotFound(f"{path} does not exist; give --from a file, a folder or a URL")
        return path
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (Path(urllib.parse.unquote(url.path)).name or "download")
    if path.exists():
        raise UsageError(f"two sources are called {path.name!r}; prepare them from local files")
    report(f"downloading {source}")
    try:
        with urllib.request.urlopen(source, timeout=60) as response, path.open("wb") as file:
            shutil.copyfileobj(response, file, 1 << 20)
            expected = response.headers.get("Content-Length")
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise DataNotFound(f"cannot download {source}: {error}") from error
    if expected is not None and path.stat().st_size != int(expected):
        raise DataCorrupt(
            f"{source} ended after {path.stat().st_size:,} of {int(expected):,} bytes; try again"
        )
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remedy(benchmark: str) -> str:
    return f"prepare it again with `stepagent data prepare {benchmark} --from PATH`"
