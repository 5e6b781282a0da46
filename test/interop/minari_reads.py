"""Loads a dataset recorded by elegans with Python's minari and checks it. Run: python test/interop/minari_reads.py DIR

Needs: pip install "minari[arrow]" pillow. Prints one JSON object; exits with an error where something is wrong.
"""

import json
import pathlib
import sys

import numpy as np
from minari import MinariDataset

directory = pathlib.Path(sys.argv[1])
dataset = MinariDataset(directory / "data")
steps = 0
for episode in dataset.iterate_episodes():
    meta = json.loads((directory / "data" / str(episode.id) / "metadata.json").read_text())
    T = len(episode)
    steps += T
    assert T == meta["total_steps"], (T, meta["total_steps"])
    assert len(episode.observations) == T + 1
    assert len(episode.actions) == len(episode.terminations) == len(episode.truncations) == T
    assert episode.terminations.dtype == bool and episode.truncations.dtype == bool
    assert not episode.terminations[:-1].any() and not episode.truncations[:-1].any()
    assert bool(episode.terminations[-1]) == meta["elegans"]["terminated"]
    assert bool(episode.truncations[-1]) == meta["elegans"]["truncated"]
    assert np.isclose(episode.rewards.sum(), meta["elegans"]["return"]), "rewards"
    for obs in episode.observations:
        assert dataset.observation_space.contains(obs), obs
    for action in episode.actions:
        assert dataset.action_space.contains(action), action
    if meta["elegans"]["actor"]["kind"] != "import":
        assert len(episode.infos["elapsedTime"]) == T + 1
assert steps == dataset.total_steps
print(json.dumps({"dataset": str(directory), "episodes": int(dataset.total_episodes), "steps": int(steps)}))
