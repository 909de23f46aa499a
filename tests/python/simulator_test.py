"""restock.Simulator: the batch of environments in plain NumPy arrays, without Gymnasium."""

import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

from needs import needs

needs(numpy="apt-get install python3-numpy")

import numpy as np  # noqa: E402

import restock  # noqa: E402

# One store that starts with 7 units, two customers in every period, lead time 1.
STORE = """
parameters: {shortage_cost: 4}
demand: {location: store, kind: uniform, low: 2, high: 2}
network:
  locations: [{name: store, holding_cost: 1, stockout_cost: $shortage_cost, unit_value: 3, initial_cover: 3.5}]
  lanes: [{from: supplier, to: store, lead_time: 1, unit_cost: 0.5, lane_capacity: 6}]
"""


class SimulatorTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "store.yaml"
        self.file.write_text(STORE)

    def make(self, *arguments, **options):
        return restock.Simulator(self.file, *arguments, **options)

    # Period 0: 7 - 2 = 5 kept, 3 ordered: 5 + 1.5. Period 1: 8 - 2 = 6 kept, 6 of 9 ordered fit: 6 + 3.
    # Period 2: 12 - 2 = 10 kept, 0 ordered: 10, and a credit of 3 * 10.
    def test_an_episode_worked_by_hand(self):
        simulator = self.make(num_envs=2, num_periods=3, features=["on_hand"], outcomes=True)
        simulator.reset(seed=1)
        self.assertEqual(simulator.observation.tolist(), [[[7]], [[7]]])
        rewards, on_hand, ends = [], [], []
        for order in (3, 9, 0):
            ends.append(simulator.step([[order], [0]]))
            rewards.append(float(simulator.reward[0]))
            on_hand.append(float(simulator.observation[0, 0, 0]))
        self.assertEqual(rewards, [-6.5, -9, 20])
        self.assertEqual(on_hand, [8, 12, 10])
        self.assertEqual(ends, [False, False, True])
        self.assertEqual(simulator.truncated.tolist(), [True, True])
        self.assertEqual(simulator.terminated.tolist(), [False, False])
        self.assertEqual(simulator.cost["leftover credit"].tolist(), [-30, -3])  # the second: 7 - 3 * 2 = 1 left
        self.assertEqual(simulator.sold.tolist(), [[2], [2]])

    def test_the_next_episode_begins_in_the_next_step_or_in_the_same(self):
        following = self.make(num_periods=1, features=["on_hand"])
        same = self.make(num_periods=1, features=["on_hand"], auto_reset=restock.AutoReset.SAME_STEP)
        for simulator in (following, same):
            simulator.reset(seed=1)
            self.assertTrue(simulator.step([[0]]))
        self.assertEqual(following.observation.item(), 5)
        self.assertFalse(following.step([[6]]))
        self.assertEqual((following.observation.item(), following.reward.item()), (7, 0))
        self.assertEqual((same.observation.item(), same.final_observation.item()), (7, 5))

    def test_arrays_are_views_that_stay_where_they_are(self):
        simulator = restock.Simulator(restock.problem_file("serial"), num_envs=100, outcomes=True)
        arrays = {name: getattr(simulator, name) for name in
                  ("observation", "reward", "terminated", "truncated", "demand", "sold", "shipped")}
        self.assertEqual(arrays["observation"].shape, (100, 3, len(simulator.features)))
        self.assertEqual(arrays["shipped"].shape, (100, 3))
        simulator.reset(seed=1)
        for _ in range(3):
            simulator.step(np.full((100, 3), 5))
            for name, array in arrays.items():
                self.assertFalse(array.flags.owndata, name)
                self.assertTrue(np.shares_memory(array, getattr(simulator, name)), name)
                np.testing.assert_array_equal(array, getattr(simulator, name))
        self.assertGreater(arrays["demand"][:, 2].min(), -1)
        self.assertGreater(arrays["demand"][:, 2].mean(), 4)
        self.assertEqual(arrays["demand"][:, :2].max(), 0)  # only the store sells
        observation = simulator.observation
        expected = observation.copy()
        del simulator
        np.testing.assert_array_equal(observation, expected)  # an array keeps its memory alive

    def test_every_environment_sees_its_own_features_and_orders(self):
        simulator = restock.Simulator(restock.problem_file("serial"), ["store_lead_time=2"], num_envs=150,
                                      features=["in_transit", "on_hand"])
        simulator.reset(seed=1)
        orders = np.zeros((150, 3))
        orders[:, simulator.lanes.index("item from supplier to central")] = np.arange(150)
        simulator.step(orders)
        self.assertEqual(simulator.sites, ["item at central", "item at regional", "item at store"])
        np.testing.assert_array_equal(simulator.observation[:, 0, 0], np.arange(150))
        self.assertEqual(simulator.observation[:, 1:].max(), 0)

    def test_the_seed_decides_and_threads_do_not(self):
        def record(seed, **options):
            simulator = restock.Simulator(restock.problem_file("lost_sales"), num_envs=200, num_periods=5, **options)
            simulator.reset(seed)
            steps = []
            for _ in range(8):
                simulator.step(np.full((200, 1), 5))
                steps.append((simulator.observation.copy(), simulator.reward.copy()))
            return steps

        np.testing.assert_equal(record(1), record(1, num_threads=2))
        self.assertFalse(np.array_equal(record(1)[0][1], record(2)[0][1]))

    def test_goes_on_from_what_was_saved(self):
        simulators = [restock.Simulator(restock.problem_file("lost_sales"), num_envs=70) for _ in range(2)]
        simulators[0].reset(seed=3)
        simulators[0].step(np.full((70, 1), 4))
        simulators[1].load(simulators[0].save())
        np.testing.assert_array_equal(simulators[0].observation, simulators[1].observation)
        for simulator in simulators:
            simulator.step(np.full((70, 1), 6))
        np.testing.assert_array_equal(simulators[0].observation, simulators[1].observation)
        with self.assertRaisesRegex(ValueError, "cut short"):
            simulators[1].load(b"")

    def test_mistakes_are_value_errors_that_tell_the_cure(self):
        for message, arguments, options in (
                ("override shortage_cost=-1.*must be at least 0", (["shortage_cost=-1"],), {}),
                ("override shortage_costs=5: unknown key", (["shortage_costs=5"],), {}),
                ("there is no observation feature on_hnd", (), {"features": ["on_hnd"]}),
                ("num_envs must be at least 1", (), {"num_envs": 0}),
                ("num_periods must be at least 1", (), {"num_periods": 0}),
                ("initial_stock_spread must be between 0 and 1", (), {"initial_stock_spread": float("nan")})):
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                self.make(*arguments, **options)
        self.file.write_text(STORE.replace("holding_cost: 1", "holding_cost: -1"))
        with self.assertRaisesRegex(ValueError, "store.yaml:5:.*holding_cost must be at least 0"):
            self.make()
        self.file.write_text(STORE)
        with self.assertRaisesRegex(ValueError, "no_such.yaml"):
            restock.Simulator("no_such.yaml")
        with self.assertRaisesRegex(ValueError, "lost_sales"):
            restock.problem_file("lost_sale")
        simulator = self.make(num_envs=3)
        simulator.reset(1)
        for orders in (np.zeros(3), np.zeros((1, 3)), np.zeros((3, 2)), 5):
            with self.assertRaisesRegex(ValueError, r"\(num_envs, num_lanes\) = \(3, 1\)"):
                simulator.step(orders)

    def test_strange_orders_are_made_feasible(self):
        simulator = self.make(num_envs=5, features=["on_hand"], outcomes=True)
        simulator.reset(1)
        simulator.step([[-3], [float("nan")], [float("inf")], [2.5], [1e30]])
        self.assertEqual(simulator.shipped[:, 0].tolist(), [0, 0, 6, 3, 6])

    def test_what_a_sensible_policy_orders(self):
        self.assertEqual(self.make().most_sensible_orders, [6])  # the lane's capacity, less than 10 * 2
        self.assertEqual(restock.Simulator(restock.problem_file("serial")).most_sensible_orders, [50, 50, 50])

    # The modules that are None cannot be imported.
    def test_without_gymnasium_the_simulator_works_and_an_environment_says_what_it_needs(self):
        program = textwrap.dedent("""
            import sys
            sys.modules["gymnasium"] = None
            import restock
            restock.Simulator(restock.problem_file("lost_sales")).reset(1)
            for make in (lambda: restock.Env, lambda: restock.VectorEnv, lambda: restock.make("lost_sales"),
                         lambda: restock.make_vec("lost_sales", 2)):
                try:
                    make()
                except ImportError as error:
                    assert "pip install gymnasium" in str(error), error
                else:
                    raise AssertionError("an environment without Gymnasium")
        """)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
