"""StepAgent Gym: text-agent benchmarks behind `gymnasium.make`.

Importing the package registers the environments:

    import gymnasium, stepagent_gym
    env = gymnasium.make("stepagent/WebShop-v0", split="test")
"""

import gymnasium

ENVIRONMENTS = {
    "stepagent/2WikiMultihopQA-v0": "stepagent_gym.envs.wikiqa.env:TwoWikiMultihopQAEnv",
    "stepagent/ALFWorld-v0": "stepagent_gym.envs.alfworld.env:ALFWorldEnv",
    "stepagent/HotpotQA-v0": "stepagent_gym.envs.wikiqa.env:HotpotQAEnv",
    "stepagent/InterCodeSQL-v0": "stepagent_gym.envs.intercode_sql.env:InterCodeSQLEnv",
    "stepagent/MuSiQue-v0": "stepagent_gym.envs.wikiqa.env:MuSiQueEnv",
    "stepagent/Mind2Web-v0": "stepagent_gym.envs.mind2web.env:Mind2WebEnv",
    "stepagent/ScienceWorld-v0": "stepagent_gym.envs.scienceworld.env:ScienceWorldEnv",
    "stepagent/WebShop-v0": "stepagent_gym.envs.webshop.env:WebShopEnv",
}
"""Every environment of the project: its id and where its class is."""

for _id, _entry_point in ENVIRONMENTS.items():
    gymnasium.register(id=_id, entry_point=_entry_point)
