"""Every exception of the project, as one tree.

    StepAgentError
    ├── UsageError (also ValueError)   the caller asked for something that does not exist
    │   └── NotInstalled               what it needs is in an extra that is not installed
    ├── DataError                      files that tasks come from
    │   ├── DataNotFound               nothing is prepared there
    │   └── DataCorrupt                it is there and cannot be trusted
    ├── SnapshotError                  a snapshot of another environment, data or setting
    ├── EnvironmentFault               the environment itself broke; never a reward
    │   └── ReplayDiverged             the same actions gave other observations
    ├── PolicyError                    the model gave no usable completion
    │   └── ContextOverflow            the chat does not fit the model's context
    ├── RunError                       run folders
    │   ├── BudgetSpent                a limit of spending is reached
    │   ├── ConfigChanged              a run may only be resumed under the config it began with
    │   └── RunLocked                  another process writes to it
    └── SubmissionError                a run or an archive that the leaderboard cannot take

A message names the cause and the remedy.  `UsageError`, `DataError`, `SnapshotError`, `RunError`
and `SubmissionError` end the command with one line; `EnvironmentFault` and `PolicyError` end one
episode (`status="error"`), which is then counted apart from the scores.
"""


class StepAgentError(Exception):
    """Root of the tree."""


class UsageError(StepAgentError, ValueError):
    """An unknown id, keyword, option, split, task or model was asked for."""


class NotInstalled(UsageError):
    """The packages of an extra are missing; the message names the extra."""


class DataError(StepAgentError):
    """The files that tasks come from."""


class DataNotFound(DataError):
    """No prepared data under this name or path."""


class DataCorrupt(DataError):
    """A data file is truncated, malformed, or differs from its manifest."""


class SnapshotError(StepAgentError):
    """A snapshot does not belong to this environment, its data or its settings."""


class EnvironmentFault(StepAgentError):
    """The environment itself failed (a dead process, broken data in mid-episode)."""


class ReplayDiverged(EnvironmentFault):
    """Replaying an episode's actions did not give the observations it had."""


class PolicyError(StepAgentError):
    """A policy could not produce a completion."""


class ContextOverflow(PolicyError):
    """The chat does not fit the model's context."""


class RunError(StepAgentError):
    """A run folder cannot be created, read or written."""


class BudgetSpent(RunError):
    """A run has reached a limit of what it may spend; what was played is safe."""


class ConfigChanged(RunError):
    """A run is resumed under a config that differs from the one it began with."""


class RunLocked(RunError):
    """Another process is writing to the run folder."""


class SubmissionError(StepAgentError):
    """A run that cannot be submitted, or an archive that is no submission."""
