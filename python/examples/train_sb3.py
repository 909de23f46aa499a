"""Trains Stable-Baselines3's PPO on lost sales with lead time and says what its policy costs.

    python3 python/examples/train_sb3.py [--timesteps N] [--seed S] [--lead-time L]

Beside it stand the costs of the best constant order, of the best base-stock policy (by trying all) and, for a lead time
of 1 to 4, of the optimum (Zipkin 2008). Costs are means per period after a warm-up, all policies on the same demand.
"""

import argparse

import numpy as np
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import VecNormalize

import restock
from restock.stable_baselines3 import StableVecEnv

OPTIMUM = {1: 4.0407, 2: 4.3953, 3: 4.5987, 4: 4.7285}  # Poisson demand of mean 5, h = 1, p = 4
MOST_ORDER = 10
NUM_PERIODS = 200
WARM_UP = 50


def problem(lead_time):
    """Arguments of every environment here: the state of the problem is what is on hand and on its way."""
    pipeline = [f"pipeline_{ahead}" for ahead in range(1, lead_time)]
    return {"overrides": [f"lead_time={lead_time}"], "features": ["on_hand", *pipeline], "actions": "discrete",
            "max_order": MOST_ORDER}


def mean_cost(act, lead_time, num_envs=1024):
    """Cost per period of a policy `act(observation) -> orders`."""
    env = restock.make_vec("lost_sales", num_envs, num_periods=NUM_PERIODS, **problem(lead_time))
    observation, _ = env.reset(seed=2024)
    costs = []
    for _ in range(NUM_PERIODS):
        observation, reward, *_ = env.step(act(observation))
        costs.append(-reward.mean())
    return np.mean(costs[WARM_UP:])


def best_rule(rule, levels, lead_time):
    """The cheapest of `rule(observation, level)`, and its level."""
    return min((mean_cost(lambda observation: rule(observation, level), lead_time), level) for level in levels)


def constant_order(observation, level):
    return np.full((len(observation), 1), level)


def base_stock(observation, level):
    return np.clip(level - observation.sum(axis=2), 0, MOST_ORDER)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--timesteps", type=int, default=400_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lead-time", type=int, default=2)
    arguments = parser.parse_args()
    lead_time = arguments.lead_time

    # train
    env = StableVecEnv("lost_sales", num_envs=64, num_periods=NUM_PERIODS, **problem(lead_time))
    env = VecNormalize(env, gamma=0.95)
    model = PPO("MlpPolicy", env, n_steps=32, batch_size=256, n_epochs=6, gamma=0.95, gae_lambda=0.9,
                learning_rate=1e-3, ent_coef=0.001, seed=arguments.seed, device="cpu")
    model.learn(arguments.timesteps)

    # compare
    def ppo(observation):
        return model.predict(env.normalize_obs(observation), deterministic=True)[0]

    print(f"PPO, {model.num_timesteps} steps: {mean_cost(ppo, lead_time):.3f}")
    print("constant order of %d: %.3f" % best_rule(constant_order, range(3, 7), lead_time)[::-1])
    print("base-stock level %d: %.3f" % best_rule(base_stock, range(10, 36), lead_time)[::-1])
    if lead_time in OPTIMUM:
        print(f"optimum: {OPTIMUM[lead_time]}")


if __name__ == "__main__":
    main()
