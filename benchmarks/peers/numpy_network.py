"""The network of configs/benchmarks/simple_network.yaml in NumPy: many copies at once, arrays (site, copy), no Python loop.

Two versions. `Network` gives back what the simulator's step gives back: costs by kind and by site, feasible orders,
observations where wanted. `LeanNetwork` does only what the dynamics need, as a researcher's script would.
"""

import numpy as np

HOLDING_COST = np.float32(1)
STOCKOUT_COST = np.float32(9)
UNIT_COST = np.float32(0.5)
LEAD_TIME = 4
INITIAL_COVER = 5
MOST_UNITS = np.float32(2**20)
NUM_WAREHOUSES, NUM_SKUS = 4, 16
MEANS = np.tile(np.array([2, 4, 5, 8], np.float32), NUM_WAREHOUSES * NUM_SKUS // 4)[:, None]


class LeanNetwork:
    """Stock, a ring of orders under way, and the reward; every array is made once."""

    def __init__(self, num_copies):
        shape = (len(MEANS), num_copies)
        self.on_hand = np.repeat(MEANS * np.float32(INITIAL_COVER), num_copies, axis=1)
        self.in_transit = np.zeros((LEAD_TIME, *shape), np.float32)
        self.sold = np.empty(shape, np.float32)
        self.unmet = np.empty(shape, np.float32)
        self.period = 0

    def step(self, orders, demand):
        """Sells, pays, orders, and receives what the next period begins with. Returns the rewards."""
        np.minimum(self.on_hand, demand, out=self.sold)
        np.subtract(self.on_hand, self.sold, out=self.on_hand)
        np.subtract(demand, self.sold, out=self.unmet)
        cost = HOLDING_COST * self.on_hand.sum(0) + STOCKOUT_COST * self.unmet.sum(0) + UNIT_COST * orders.sum(0)
        due = self.in_transit[(self.period + 1) % LEAD_TIME]
        self.in_transit[self.period % LEAD_TIME] = orders
        self.on_hand += due
        self.period += 1
        return -cost


class Network(LeanNetwork):
    """The same with what the simulator's step does besides."""

    def __init__(self, num_copies):
        super().__init__(num_copies)
        shape = self.on_hand.shape
        self.orders = np.empty(shape, np.float32)
        self.site_cost = np.empty(shape, np.float32)
        self.term = np.empty(shape, np.float32)
        self.observation = np.empty((6, *shape), np.float32)

    def step(self, orders, demand):
        # feasible orders: whole units, none below zero
        np.clip(orders, np.float32(0), MOST_UNITS, out=self.orders)
        np.add(self.orders, np.float32(0.5), out=self.orders)
        np.floor(self.orders, out=self.orders)
        # the period
        np.minimum(self.on_hand, demand, out=self.sold)
        np.subtract(self.on_hand, self.sold, out=self.on_hand)
        np.subtract(demand, self.sold, out=self.unmet)
        # what it costs, by site and by kind
        np.multiply(self.on_hand, HOLDING_COST, out=self.site_cost)
        holding = self.site_cost.sum(0)
        np.multiply(self.unmet, STOCKOUT_COST, out=self.term)
        stockout = self.term.sum(0)
        self.site_cost += self.term
        np.multiply(self.orders, UNIT_COST, out=self.term)
        purchase = self.term.sum(0)
        self.site_cost += self.term
        # the clock moves
        due = self.in_transit[(self.period + 1) % LEAD_TIME]
        self.in_transit[self.period % LEAD_TIME] = self.orders
        self.on_hand += due
        due[...] = 0
        self.period += 1
        return -(holding + stockout + purchase)

    def observe(self):
        """The features of the benchmark that change, (feature, site, copy)."""
        o = self.observation
        o[0] = self.on_hand
        np.sum(self.in_transit, axis=0, out=o[1])
        np.add(o[0], o[1], out=o[2])
        for ahead in (1, 2, 3):
            o[2 + ahead] = self.in_transit[(self.period + ahead) % LEAD_TIME]
        return o
