"""`hf/<path>`: a causal language model of transformers, from a folder.

Calls of `act` are gathered: one thread owns the model and decodes up to `batch_size` chats at once,
each of which joins and leaves on its own (`harness.policies.decoding`).
"""

import asyncio
import random
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.policies.chats import (
    ChatCodec,
    ChatModel,
    Generated,
    find_model,
    read_context,
    read_stop_ids,
)
from harness.policies.sampling import Local, Sampling
from stepagent_gym.errors import NotInstalled, PolicyError, UsageError
from stepagent_gym.types import Completion, Message

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from harness.policies.decoding import Decoder, Row

_GATHERING = 0.005
"""Seconds that an idle model waits for a further chat: those of one moment share a batch."""


class TransformersPolicy(ChatModel):
    """Answers chats with a model in this process.

    Sampled tokens are drawn from a generator of the seed and the episode's task, seed and turn, so
    that a reply does not depend on what else is answered at the time.  Raises `ContextOverflow`
    where a chat with its reply does not fit the model.
    """

    def __init__(self, path: str, sampling: Sampling, local: Local, seed: int = 0) -> None:
        super().__init__()
        folder = find_model(path)
        tokenizer, model = _load(folder, sampling, local)
        from harness.policies.decoding import Decoder

        self.seed = seed
        self.codec = ChatCodec(
            tokenizer,
            sampling,
            read_context(model.config, sampling.context),
            read_stop_ids(tokenizer, model.generation_config),
        )
        self._worker = _Worker(
            Decoder(
                model,
                self.codec.is_over,
                temperature=1.0 if sampling.temperature is None else sampling.temperature,
                top_p=1.0 if sampling.top_p is None else sampling.top_p,
                kept_bytes=int(local.prefix_cache * 2**30),
            ),
            local.batch_size,
        )

    async def answer(self, messages: Sequence[Message], draw: str) -> Completion:
        """Answer a chat; `draw` seeds what is drawn."""
        from harness.policies.decoding import Row

        prompt = self.codec.encode(messages)
        limit = self.codec.room(len(prompt))
        row = Row(prompt, limit, random.Random(f"{self.seed} {draw}"))
        await asyncio.wrap_future(self._worker.submit(row))
        return self.codec.read(Generated(row.ids, row.logprobs, len(prompt)))

    async def close(self) -> None:
        """Stop the thread and free the model; calls that still wait end with `PolicyError`."""
        await asyncio.to_thread(self._worker.close)


class _Request(NamedTuple):
    row: "Row"
    done: "Future[None]"


class _Worker:
    """The thread that owns a decoder; it is begun with the first row."""

    def __init__(self, decoder: "Decoder", batch_size: int) -> None:
        self.batch_size = batch_size
        self._decoder: Decoder | None = decoder
        self._requests: SimpleQueue[_Request | None] = SimpleQueue()
        self._waiting: list[_Request] = []
        self._live: dict[Row, Future[None]] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def submit(self, row: "Row") -> "Future[None]":
        """Have a row decoded; the future is done when it is over."""
        request = _Request(row, Future())
        with self._lock:
            if self._decoder is None:
                raise PolicyError("the model was closed")
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, args=(self._decoder,), name="hf-model", daemon=True
                )
                self._thread.start()
            self._requests.put(request)
        return request.done

    def close(self) -> None:
        """End the thread after the token that it is at."""
        with self._lock:
            thread, self._thread, self._decoder = self._thread, None, None
            self._requests.put(None)
        if thread is not None:
            thread.join()

    def _run(self, decoder: "Decoder") -> None:
        """Decode until closed; a fault of the model ends the rows that it met, not the thread."""
        while self._gather():
            self._begin(self.batch_size - len(self._live))
            try:
                over = decoder.admit(row for row in self._live if not row.ids)
                if decoder.rows:
                    over += decoder.advance()
            except Exception as error:
                decoder.drop()
                self._fail(f"the model failed: {type(error).__name__}: {_remedy(error)}")
            else:
                for row in over:
                    self._live.pop(row).set_result(None)
        self._begin(len(self._waiting))
        self._fail("the model was closed")

    def _gather(self) -> bool:
        """Take what was asked, waiting only where nothing else is to be done; False once closed."""
        while True:
            wait = not self._live and len(self._waiting) < self.batch_size
            try:
                request = self._requests.get(wait, _GATHERING if self._waiting else None)
            except Empty:
                return True
            if request is None:
                return False
            self._waiting.append(request)

    def _begin(self, room: int) -> None:
        """Make those live that waited longest, as many as there is room for."""
        chosen, self._waiting = self._waiting[:room], self._waiting[room:]
        for request in chosen:
            if request.done.set_running_or_notify_cancel():
                self._live[request.row] = request.done

    def _fail(self, reason: str) -> None:
        for done in self._live.values():
            done.set_exception(PolicyError(reason))
        self._live.clear()


def _load(
    folder: Path, sampling: Sampling, local: Local
) -> tuple["PreTrainedTokenizerBase", "PreTrainedModel"]:
    """Load tokenizer and model; raises `UsageError` where the folder does not hold them."""
    try:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
    except ImportError:
        raise NotInstalled(
            "hf/<path> needs packages: pip install 'stepagent-gym[train]' (for a machine without "
            "a GPU, `pip install torch --index-url https://download.pytorch.org/whl/cpu` first)"
        ) from None
    device = _device(local.device)
    own = "float32" if device.type == "cpu" else "auto"
    dtype = own if sampling.dtype == "auto" else sampling.dtype
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model: Any = AutoModelForCausalLM.from_pretrained(
            folder,
            local_files_only=True,
            dtype=dtype if dtype == "auto" else getattr(torch, dtype),
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise UsageError(f"{folder} cannot be loaded: {error}") from error
    return tokenizer, model.to(device).eval()


def _device(name: str) -> Any:
    """Resolve the name of a device; raises `UsageError` for one that this machine lacks."""
    import torch

    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        return torch.device(next((kind for kind, there in present.items() if there), "cpu"))
    kind, _, number = name.partition(":")
    if kind not in ("cuda", "mps", "cpu") or not (number.isdigit() or name == kind):
        raise UsageError(f"--device {name}: there are auto, cuda, cuda:<number>, mps and cpu")
    gpus = torch.cuda.device_count()
    if not present.get(kind, True) or (kind == "cuda" and int(number or 0) >= gpus):
        raise UsageError(f"--device {name}: this machine, or this build of torch, has none")
    return torch.device(name)


def _remedy(error: Exception) -> str:
    import torch

    if isinstance(error, torch.OutOfMemoryError):
        return "out of memory; lower --batch-size, --prefix-cache or --context"
    return " ".join(str(error).split())[:300]
