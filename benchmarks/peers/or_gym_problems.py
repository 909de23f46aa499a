"""Problem files beside the environments of OR-Gym that they are made after: equal demand and orders, equal rewards.

    python benchmarks/peers/or_gym_problems.py          # simulator_peers.py tells how to install OR-Gym

InvManagement-v0 and -v1: configs/problems/inventory_management.yaml; NetInvMgmt-v0 and -v1: network_management.yaml.
OR-Gym lets a supplier promise the same unit to two buyers; orders here are small enough that none does.
"""

import argparse
import pathlib

import numpy as np

from or_gym_chain import CAPACITIES, DISCOUNT, NUM_PERIODS, draw_orders
from or_gym.envs.supply_chain.inventory_management import InvManagementBacklogEnv, InvManagementLostSalesEnv
from or_gym.envs.supply_chain.network_management import NetInvMgmtBacklogEnv, NetInvMgmtLostSalesEnv
from simulator_peers import trajectory

# (supplier, buyer) in the order of the lanes into each site of the file: factories 6, 5, 4, distributors 3, 2, retailer
LINKS = [(8, 6), (7, 5), (8, 5), (7, 4), (4, 3), (6, 3), (4, 2), (5, 2), (6, 2), (2, 1), (3, 1)]


def check_chain(build, rng, waits):
    """The largest difference of a period's reward."""
    settings = ["shortage=backorders", "unfilled=wait"] if waits else []
    demand = rng.poisson(20, NUM_PERIODS)
    orders = np.array([draw_orders(rng) for _ in range(NUM_PERIODS)])
    assert (orders <= CAPACITIES).all()
    rewards, stock = trajectory(build, "problems/inventory_management", demand[:, None], orders[:, ::-1], *settings)
    env = (InvManagementBacklogEnv if waits else InvManagementLostSalesEnv)(dist=5, user_D=demand)
    largest = 0
    for period in range(NUM_PERIODS):
        _, reward, _, _ = env.step(orders[period])
        largest = max(largest, abs(rewards[period] * DISCOUNT**period - reward))
        np.testing.assert_array_equal(stock[period, ::-1], env.I[period + 1])
    return largest


def check_network(build, rng, waits):
    """The largest difference of a period's reward."""
    settings = ["shortage=backorders"] if waits else []
    demand = rng.poisson(20, NUM_PERIODS)
    orders = rng.integers(0, 13, (NUM_PERIODS, len(LINKS)))
    rewards, stock = trajectory(build, "problems/network_management", demand[:, None], orders, *settings)
    env = (NetInvMgmtBacklogEnv if waits else NetInvMgmtLostSalesEnv)(user_D={(1, 0): demand})
    largest = 0
    for period in range(NUM_PERIODS):
        _, reward, _, _ = env.step({link: orders[period, i] for i, link in enumerate(LINKS)})
        largest = max(largest, abs(rewards[period] - reward))
        np.testing.assert_array_equal(stock[period], env.X.loc[period + 1, [6, 5, 4, 3, 2, 1]])
    return largest


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    parser.add_argument("--episodes", type=int, default=10)
    arguments = parser.parse_args()
    rng = np.random.default_rng(1)
    for name, check in (("InvManagement", check_chain), ("NetInvMgmt", check_network)):
        for version, waits in (("v0", True), ("v1", False)):
            largest = max(check(arguments.build, rng, waits) for _ in range(arguments.episodes))
            print(f"{name}-{version}: {arguments.episodes} episodes, largest difference of a reward {largest:.1e}")
            assert largest < 1e-3


if __name__ == "__main__":
    main()
