"""Mind2Web's published evaluation of a task, written down in a few lines, for comparison."""

import random


def published_f1(prediction, label):
    """F1 of two sets of words."""
    prediction, label = set(prediction.split()), set(label.split())
    if not prediction and not label:
        return 1
    if not prediction or not label:
        return 0
    right = len(prediction & label)
    precision = right / (right + len(prediction - label))
    recall = right / (right + len(label - prediction))
    return 2 * precision * recall / (precision + recall) if right else 0


def published_steps(task, ranks, top_k, protocol, replies):
    """Element accuracy, operation F1 and success of each step of a recorded task.

    `replies` gives pairs of letter and operation; the ids of a page's elements ascend.
    """
    for action in task["actions"]:
        sample = f"{task['annotation_id']}_{action['action_uid']}"
        positives, negatives = (
            [
                c["backend_node_id"]
                for c in action[kind]
                if ranks[sample][c["backend_node_id"]] < top_k
            ]
            for kind in ("pos_candidates", "neg_candidates")
        )
        if not positives:
            yield 0, 0, 0
            continue
        queue, final = positives + negatives, (None, None)
        random.Random(sample).shuffle(queue)
        while len(queue) > 1 or (protocol == "clean" and queue and queue[0] != final[0]):
            group, queue = sorted(queue[:5], key=int), queue[5:]
            letter, operation = next(replies)
            if letter != "A" and ord(letter) - ord("B") < len(group):
                final = group[ord(letter) - ord("B")], operation
                queue.append(final[0])
            elif letter != "A" and protocol == "official":
                final = None, None
        if not queue or final[0] is None:
            yield 0, 0, 0
            continue
        wanted = action["operation"]
        label = wanted["op"] if wanted["op"] == "CLICK" else f"{wanted['op']} {wanted['value']}"
        element, f1 = int(final[0] in positives), published_f1(final[1], label)
        yield element, f1, int(element == 1 and f1 == 1)
