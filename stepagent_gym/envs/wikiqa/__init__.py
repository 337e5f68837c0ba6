"""Multi-hop questions over Wikipedia paragraphs: HotpotQA, 2WikiMultihopQA, MuSiQue."""

from stepagent_gym.envs.wikiqa.scoring import exact_match, f1

__all__ = ["exact_match", "f1"]
