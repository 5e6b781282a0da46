"""Lets Python's minari record CartPole in its Arrow and its HDF5 format, and converts the HDF5 one as docs/episode-format.md says.

Run: python test/interop/minari_writes.py DIR; then each of DIR/arrow, DIR/converted must be taken by
    elegans data import DIR/arrow --env CartPole-v1 --out DIR/ours-1
and `python test/interop/minari_reads.py DIR/ours-1` must read the result. Needs: pip install "minari[arrow,hdf5]".
"""

import pathlib
import sys

import gymnasium as gym
import numpy as np
from minari import MinariDataset
from minari.data_collector.episode_buffer import EpisodeBuffer
from minari.dataset.minari_storage import MinariStorage

directory = pathlib.Path(sys.argv[1]).resolve()  # minari wants absolute paths


env = gym.make("CartPole-v1")


def play(seed):
    env.action_space.seed(seed)
    observations, actions, rewards, terminations, truncations = [env.reset(seed=seed)[0]], [], [], [], []
    while not (terminations and (terminations[-1] or truncations[-1])):
        actions.append(env.action_space.sample())
        obs, reward, terminated, truncated, _ = env.step(actions[-1])
        observations.append(obs)
        rewards.append(float(reward))
        terminations.append(terminated)
        truncations.append(truncated)
    return EpisodeBuffer(
        id=seed,
        seed=seed,
        observations=np.stack(observations),
        actions=np.array(actions),
        rewards=rewards,
        terminations=terminations,
        truncations=truncations,
    )


def record(path, data_format):
    path.parent.mkdir(parents=True, exist_ok=True)
    storage = MinariStorage.new(path, env.observation_space, env.action_space, data_format=data_format)
    storage.update_episodes(play(seed) for seed in range(4))
    storage.update_metadata({"dataset_id": f"{path.parent.name}-v0", "minari_version": "0.5.3"})


record(directory / "arrow" / "data", "arrow")
record(directory / "hdf5" / "data", "hdf5")
source = MinariDataset(directory / "hdf5" / "data")
(directory / "converted").mkdir()
target = MinariStorage.new(
    directory / "converted" / "data",
    source.observation_space,
    source.action_space,
    data_format="arrow",
    jpeg_encoding=False,
)
target.update_episodes(
    EpisodeBuffer(
        id=int(e.id),
        observations=e.observations,
        actions=e.actions,
        rewards=list(e.rewards),
        terminations=list(e.terminations),
        truncations=list(e.truncations),
    )
    for e in source.iterate_episodes()
)
target.update_metadata({"dataset_id": "converted-v0", "minari_version": "0.5.3"})
