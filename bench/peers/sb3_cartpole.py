"""Training speed of Stable-Baselines3 on CartPole-v1: PPO (MLP) and sb3-contrib's RecurrentPPO (LSTM 64), settings of rl-zoo3.

Use: python bench/peers/sb3_cartpole.py [--steps N] [--threads N]; prints one JSON object. Needs stable-baselines3 and sb3-contrib.
"""

import argparse
import json
import time

import stable_baselines3
import sb3_contrib
import torch
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=12_800)
parser.add_argument("--recurrent-steps", type=int, default=2_560)
parser.add_argument("--threads", type=int, default=2)
args = parser.parse_args()
torch.set_num_threads(args.threads)


def linear(start):
    return lambda left: left * start


common = dict(
    n_steps=32,
    batch_size=256,
    gae_lambda=0.8,
    gamma=0.98,
    n_epochs=20,
    ent_coef=0.0,
    learning_rate=linear(0.001),
    clip_range=linear(0.2),
    seed=0,
    device="cpu",
)


def measure(make, steps):
    env = make_vec_env("CartPole-v1", n_envs=8, seed=0)
    model = make(env)
    model.learn(256)  # starting up is not counted
    start = time.perf_counter()
    model.learn(steps, reset_num_timesteps=True)
    seconds = time.perf_counter() - start
    mean, _ = evaluate_policy(model, env, n_eval_episodes=20)
    return {"steps": steps, "stepsPerSecond": round(steps / seconds, 1), "return": round(float(mean), 1)}


ppo = measure(lambda env: stable_baselines3.PPO("MlpPolicy", env, **common), args.steps)
recurrent = measure(
    lambda env: sb3_contrib.RecurrentPPO(
        "MlpLstmPolicy",
        env,
        **common,
        policy_kwargs=dict(
            ortho_init=False, lstm_hidden_size=64, enable_critic_lstm=True, net_arch=dict(pi=[64], vf=[64])
        ),
    ),
    args.recurrent_steps,
)
print(
    json.dumps(
        {
            "ppo": ppo,
            "recurrentPpo": recurrent,
            "threads": args.threads,
            "versions": {
                "stable-baselines3": stable_baselines3.__version__,
                "sb3-contrib": sb3_contrib.__version__,
                "torch": torch.__version__,
            },
        }
    )
)
