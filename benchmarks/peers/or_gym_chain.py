"""OR-Gym's InvManagement-v1: a chain of three stages with lost sales, one copy at a time."""

import warnings

import numpy as np

np.Inf = np.inf  # OR-Gym uses the name that NumPy 2 dropped
warnings.filterwarnings("ignore")

from or_gym.envs.supply_chain.inventory_management import InvManagementLostSalesEnv  # noqa: E402

NUM_SITES = 3
NUM_PERIODS = 30
DISCOUNT = 0.97  # OR-Gym discounts inside its reward
CAPACITIES = (100, 90, 80)


def draw_orders(rng):
    """Orders within the action space that keep goods moving, and are cut to what the next stage has now and then."""
    return np.minimum(rng.poisson(20, NUM_SITES) + 3 * rng.integers(0, 4, NUM_SITES), CAPACITIES)


def check(trajectory):
    """`trajectory(demand, orders)` gives the same rewards (period,) and stock (period, stage), its stages from the last to
    the one that sells."""
    rng = np.random.default_rng(11)
    for episode in range(20):
        demand = rng.poisson(20, NUM_PERIODS)
        orders = np.array([draw_orders(rng) for _ in range(NUM_PERIODS)])
        rewards, stock = trajectory(demand[:, None], orders[:, ::-1])
        env = InvManagementLostSalesEnv(dist=5, user_D=demand)
        for period in range(NUM_PERIODS):
            _, reward, _, _ = env.step(orders[period])
            np.testing.assert_allclose(rewards[period] * DISCOUNT**period, reward, rtol=1e-5, atol=1e-4)
            np.testing.assert_array_equal(stock[period, ::-1], env.I[period + 1])


class Episodes:
    """One episode after another, with the demand that OR-Gym draws."""

    def __init__(self):
        rng = np.random.default_rng(7)
        self.env = InvManagementLostSalesEnv()
        self.orders = [draw_orders(rng) for _ in range(NUM_PERIODS)]
        self.done = True

    def step(self):
        if self.done:
            self.env.reset()
        _, _, self.done, _ = self.env.step(self.orders[self.env.period])
