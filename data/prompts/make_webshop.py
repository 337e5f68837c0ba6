"""Make `webshop.json`: the instruction, and demonstrations played on the embedded catalogue.

    python data/prompts/make_webshop.py

The thoughts are written by hand; the observations are what the environment answers, so that a
demonstration is a real episode.
"""



INSTRUCTION = """\
You are shopping in an online store. You are given an instruction that says which product is wanted, \
with the features and options it must have and the most it may cost. Find a product that fits and buy it.

Each turn you see a page of the store and answer with one action:
search[keywords]  looks for products; the store finds them by the words you choose
click[value]      presses a button, opens a product by its code, or chooses an option; \
the value must be a text of the page that can be clicked

Choose every option that the instruction asks for before you click[buy now]; the purchase ends the \
task. An action that is not possible changes nothing and still costs a turn. You have 10 turns."""

FORMATS = {
    "react": "Answer in this form:\n\nThought: what you think\nAction: search[...] or click[...]",
    "bare": "Answer with the action alone: search[...] or click[...]",
}
