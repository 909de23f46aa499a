"""Steps per second: an equal lost-sales environment in pure Python under Gymnasium's SyncVectorEnv, and ours.

    PYTHONPATH=build/release/python python3 benchmarks/peers/gymnasium_peer.py

First both follow the same demand and the same orders, and every observation, reward and end must be equal; then both
are timed in turn, each on demand of its own draws, and the ratio of the medians is printed. Needs Gymnasium and NumPy.
Ends with code 1 where a trajectory differs.
"""

import argparse
import statistics
import sys
import time

import gymnasium
import numpy as np
from gymnasium.vector import SyncVectorEnv

import restock

LEAD_TIME = 4
HOLDING_COST = 1.0
SHORTAGE_COST = 4.0
MEAN_DEMAND = 5.0
NUM_PERIODS = 100
MOST_ORDER = 20.0
FEATURES = ["on_hand", *(f"pipeline_{ahead}" for ahead in range(1, LEAD_TIME))]


class LostSales(gymnasium.Env):
    """configs/problems/lost_sales.yaml in plain Python, written to be fast: floats in a list, one array per step."""

    def __init__(self, demand=None):
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (1, LEAD_TIME), np.float32)
        self.action_space = gymnasium.spaces.Box(0, MOST_ORDER, (1,), np.float32)
        self.given_demand = demand

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if self.given_demand is None:
            self.demand = self.np_random.poisson(MEAN_DEMAND, NUM_PERIODS).tolist()  # of the whole episode: cheaper
        else:
            self.demand = self.given_demand
        self.stock = [0.0] * LEAD_TIME  # on hand, then what arrives one, two, ... periods from now
        self.period = 0
        return np.array([self.stock], np.float32), {}

    def step(self, action):
        stock = self.stock
        stock.append(float(int(action[0] + 0.5)))
        left = stock.pop(0) - self.demand[self.period]
        cost = HOLDING_COST * left
        if left < 0:
            cost = -SHORTAGE_COST * left
            left = 0.0
        stock[0] += left
        self.period += 1
        return np.array([stock], np.float32), -cost, False, self.period == NUM_PERIODS, {}


def make_ours(num_envs, **options):
    return restock.make_vec("lost_sales", num_envs, features=FEATURES, num_periods=NUM_PERIODS, max_order=MOST_ORDER,
                            **options)


def random_orders(num_envs, seed):
    """Orders of a few periods, to be repeated; around the mean demand."""
    return np.random.default_rng(seed).uniform(0, 2 * MEAN_DEMAND, (7, num_envs, 1)).astype(np.float32)


def trajectories_differ(num_envs, seed):
    """Runs ours, gives its demand to the peer, and compares everything; tells the first difference, or None."""
    ours = make_ours(num_envs, outcomes=True, copy=True)
    orders = random_orders(num_envs, seed)
    first, _ = ours.reset(seed=seed)
    steps = [ours.step(orders[period % len(orders)]) for period in range(NUM_PERIODS)]
    demand = np.stack([infos["demand"][:, 0] for *_, infos in steps])
    peer = SyncVectorEnv([lambda env=env: LostSales(demand[:, env].tolist()) for env in range(num_envs)])
    if not np.array_equal(first, peer.reset()[0]):
        return "the first observation differs"
    for period, (observation, reward, terminated, truncated, _) in enumerate(steps):
        of_peer = peer.step(orders[period % len(orders)])
        for what, mine, other in zip(("observation", "reward", "terminated", "truncated"),
                                     (observation, reward, terminated, truncated), of_peer):
            if not np.array_equal(mine, other):
                return f"period {period}: {what} differs"
    return None


def steps_per_second(env, orders, seconds):
    """Of all environments together, automatic resets included."""
    steps = 0
    start = time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        for some in orders:
            env.step(some)
        steps += len(orders)
    return steps * env.num_envs / elapsed


def measure(num_envs, repeats, seconds):
    """Median steps per second of the peer and of ours, by turns."""
    peer = SyncVectorEnv([LostSales] * num_envs, copy=False)
    ours = make_ours(num_envs)
    orders = random_orders(num_envs, seed=1)
    speeds = {peer: [], ours: []}
    for env in speeds:
        env.reset(seed=1)
    for _ in range(repeats):
        for env, of_env in speeds.items():
            of_env.append(steps_per_second(env, orders, seconds))
    return statistics.median(speeds[peer]), statistics.median(speeds[ours])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each repeat")
    parser.add_argument("--check-only", action="store_true", help="compare trajectories, measure nothing")
    arguments = parser.parse_args()
    for num_envs in (1, 64, 1024):
        difference = trajectories_differ(num_envs, seed=num_envs)
        if difference:
            print(f"{num_envs} environments: {difference}")
            return 1
        print(f"{num_envs} environments: {NUM_PERIODS} periods are equal in observations, rewards and ends")
    if arguments.check_only:
        return 0
    print("environments  SyncVectorEnv [steps/s]  restock.VectorEnv [steps/s]  ratio")
    for num_envs in (64, 1024):
        peer, ours = measure(num_envs, arguments.repeats, arguments.seconds)
        print(f"{num_envs:12}  {peer:23,.0f}  {ours:27,.0f}  {ours / peer:5.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
