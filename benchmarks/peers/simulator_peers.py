"""The simulator beside others that do the same work, in one run with interleaved repeats; prints a table with ratios.

    python3 -m venv /tmp/peers
    /tmp/peers/bin/pip install numpy scipy pandas matplotlib networkx "setuptools<58" "wheel<0.40"
    /tmp/peers/bin/pip install --no-build-isolation gym==0.19.0
    /tmp/peers/bin/pip install --no-deps or-gym
    cmake --preset release -DRESTOCK_BUILD_BENCHMARKS=ON
    cmake --build build/release --target env_benchmark simulator_trajectory
    /tmp/peers/bin/python benchmarks/peers/simulator_peers.py [--repeats 7]

Before anything is timed, each peer and the simulator must take the same demand and orders to the same stock and rewards.
Times are CPU times of one core; a rate is the median of the repeats. Where OR-Gym is missing, its rows are left out.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

import numpy_network

try:
    import or_gym_chain
except ImportError as missing:
    or_gym_chain = None
    print(f"OR-Gym is left out: {missing}", file=sys.stderr)

NUM_COPIES = 4096
GIVEN_PERIODS = 20  # of demand in memory, as in env_benchmark
NUM_SITES = len(numpy_network.MEANS)


def trajectory(build: pathlib.Path, config: str, demand, orders, *settings: str):
    """Rewards (period,) and stock (period, site) of the simulator; demand (period, series), orders (period, lane)."""
    lines = [" ".join(f"{value:g}" for value in (*d, *o)) for d, o in zip(demand, orders)]
    command = [build / "benchmarks" / "simulator_trajectory", f"configs/{config}.yaml", *settings]
    output = subprocess.run(command, input="\n".join(lines) + "\n", text=True, check=True, stdout=subprocess.PIPE).stdout
    values = np.array([[float(field) for field in line.split()] for line in output.splitlines()])
    return values[:, 0], values[:, 1:]


def check_numpy(build: pathlib.Path):
    """Both NumPy versions follow the simulator."""
    rng = np.random.default_rng(3)
    means = numpy_network.MEANS[:, 0]
    demand = rng.poisson(means, (60, NUM_SITES)).astype(np.float32)
    orders = rng.poisson(means, (60, NUM_SITES)).astype(np.float32)
    rewards, stock = trajectory(build, "benchmarks/simple_network", demand, orders)
    for version in (numpy_network.Network, numpy_network.LeanNetwork):
        network = version(num_copies=1)
        for period in range(60):
            reward = network.step(orders[period][:, None], demand[period][:, None])
            np.testing.assert_allclose(reward[0], rewards[period], rtol=1e-6)
            np.testing.assert_array_equal(network.on_hand[:, 0], stock[period])


class NumpyRuns:
    """Periods of the simple network in NumPy, with demand in memory or drawn in every step."""

    def __init__(self, seed=5):
        self.rng = np.random.default_rng(seed)
        shape = (NUM_SITES, NUM_COPIES)
        self.orders = self.rng.poisson(numpy_network.MEANS, shape).astype(np.float32)
        self.demand = self.rng.poisson(numpy_network.MEANS, (GIVEN_PERIODS, *shape)).astype(np.float32)
        self.network = numpy_network.Network(NUM_COPIES)
        self.lean = numpy_network.LeanNetwork(NUM_COPIES)
        self.period = 0

    def draw(self):
        return self.rng.poisson(numpy_network.MEANS, (NUM_SITES, NUM_COPIES)).astype(np.float32)

    def given(self):
        self.period += 1
        self.network.step(self.orders, self.demand[self.period % GIVEN_PERIODS])

    def lean_given(self):
        self.period += 1
        self.lean.step(self.orders, self.demand[self.period % GIVEN_PERIODS])

    def sampled(self):
        self.network.step(self.orders, self.draw())
        self.network.observe()

    def lean_sampled(self):
        self.lean.step(self.orders, self.draw())


def rate(work, updates_per_call: int, seconds: float = 0.3) -> float:
    """Updates per CPU second."""
    work()
    calls, start = 0, time.process_time()
    while (elapsed := time.process_time() - start) < seconds:
        work()
        calls += 1
    return calls * updates_per_call / elapsed


def simulator_rates(build: pathlib.Path, names) -> dict:
    """Site updates per CPU second of the named cases of env_benchmark."""
    command = [build / "benchmarks" / "env_benchmark", "--benchmark_format=json", "--benchmark_min_time=0.2",
               f"--benchmark_filter=^({'|'.join(names)})$"]
    output = subprocess.run(command, text=True, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return {case["name"]: case["sites"] for case in json.loads(output)["benchmarks"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    arguments = parser.parse_args()

    # the same trajectories
    check_numpy(arguments.build)
    if or_gym_chain:
        or_gym_chain.check(lambda demand, orders: trajectory(arguments.build, "benchmarks/chain_network", demand, orders))
    print("equal trajectories: yes")

    # interleaved repeats
    runs = NumpyRuns()
    peers = {
        "NumPy, given demand": lambda: rate(runs.given, NUM_SITES * NUM_COPIES),
        "NumPy, given demand, rewards alone": lambda: rate(runs.lean_given, NUM_SITES * NUM_COPIES),
        "NumPy, rng.poisson, observations": lambda: rate(runs.sampled, NUM_SITES * NUM_COPIES),
        "NumPy, rng.poisson, rewards alone": lambda: rate(runs.lean_sampled, NUM_SITES * NUM_COPIES),
    }
    cases = ["simple/given_demand", "simple/poisson"]
    if or_gym_chain:
        peers["OR-Gym InvManagement-v1"] = lambda: rate(or_gym_chain.Episodes().step, or_gym_chain.NUM_SITES)
        cases.append("chain/poisson")
    measured = {name: [] for name in (*cases, *peers)}
    for _ in range(arguments.repeats):
        for name, value in simulator_rates(arguments.build, cases).items():
            measured[name].append(value)
        for name, measure in peers.items():
            measured[name].append(measure())

    # the table
    median = {name: statistics.median(values) for name, values in measured.items()}
    for name, value in median.items():
        print(f"{name:36s} {value / 1e6:12.3f} million site updates per second")
    pairs = [("simple/given_demand", name) for name in list(peers)[:2]] + \
            [("simple/poisson", name) for name in list(peers)[2:4]] + \
            [("chain/poisson", name) for name in list(peers)[4:]]
    for ours, peer in pairs:
        print(f"{ours:20s} is {median[ours] / median[peer]:8.1f} times {peer}")


if __name__ == "__main__":
    main()
