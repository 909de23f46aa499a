"""restock.Env and restock.VectorEnv by Gymnasium's own checks, and beside its synchronous vector environment."""

import pathlib
import re
import subprocess
import sys
import unittest
import warnings

from needs import needs

needs(numpy="apt-get install python3-numpy", gymnasium="pip install gymnasium")

import gymnasium  # noqa: E402
import numpy as np  # noqa: E402
from gymnasium.utils.env_checker import check_env  # noqa: E402
from gymnasium.vector import AutoresetMode, SyncVectorEnv  # noqa: E402

import restock  # noqa: E402

NEXT_STEP, SAME_STEP = AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP


def copied(step):
    *arrays, infos = step
    return [array.copy() for array in arrays] + [infos]


class EnvTest(unittest.TestCase):
    def test_passes_gymnasiums_check(self):
        for problem in restock.problem_names():
            for options in ({}, {"actions": "discrete"}, {"outcomes": True}, {"num_periods": 2}):
                with self.subTest(problem, **options), warnings.catch_warnings():
                    warnings.filterwarnings("error", ".*WARN")
                    # but units have no bounds, and an action is an order
                    warnings.filterwarnings("ignore", ".*(infin|symmetric and normalized)")
                    check_env(restock.make(problem, **options), skip_render_check=True)

    def test_is_registered_with_gymnasium(self):
        self.assertEqual(len(restock.problem_names()),
                         sum(name.startswith("restock/") for name in gymnasium.registry))
        env = gymnasium.make("restock/LostSales-v0", overrides=["lead_time=3"], features=["on_hand", "pipeline_2"])
        observation, info = env.reset(seed=1)
        self.assertEqual((observation.tolist(), info), ([[0, 0]], {}))
        self.assertIn(env.step(env.action_space.sample())[0], env.observation_space)

    def test_ends_by_its_time_limit(self):
        env = restock.make("lost_sales", num_periods=2)
        env.reset(seed=1)
        ends = [env.step([0])[2:4] for _ in range(2)]
        self.assertEqual(ends, [(False, False), (False, True)])
        with self.assertRaisesRegex(RuntimeError, "reset"):
            env.step([0])

    # Two units of an item come from the slow supplier, two from the fast one.
    def test_info_tells_the_costs_by_kind(self):
        env = restock.make("dual_sourcing", outcomes=True)
        env.reset(seed=1)
        _, reward, _, _, info = env.step([2, 2])
        self.assertEqual(info["purchase_cost"], 2 * 100 + 2 * 105)
        self.assertEqual(info["shipped"].tolist(), [2, 2])
        self.assertAlmostEqual(-reward, sum(cost for name, cost in info.items() if name.endswith("_cost")), places=3)

    def test_refuses_what_it_does_not_know(self):
        for message, options in (('"box" or "discrete"', {"actions": "continuous"}), ("max_order", {"max_order": 0}),
                                 ("render_mode", {"render_mode": "human"})):
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                restock.make("lost_sales", **options)


class VectorEnvTest(unittest.TestCase):
    def test_spaces_hold_what_is_returned(self):
        for problem in restock.problem_names():
            for actions in ("box", "discrete"):
                for mode in (NEXT_STEP, SAME_STEP):
                    env = restock.make_vec(problem, 70, num_periods=3, actions=actions, autoreset_mode=mode)
                    self.assertIs(env.metadata["autoreset_mode"], mode)
                    self.assertIn(env.reset(seed=1)[0], env.observation_space)
                    env.action_space.seed(1)
                    for _ in range(5):
                        observation, reward, terminated, truncated, _ = env.step(env.action_space.sample())
                        self.assertIn(observation, env.observation_space)
                        for array, kind in ((reward, np.float32), (terminated, bool), (truncated, bool)):
                            self.assertEqual((array.shape, array.dtype), ((70,), kind))

    def test_gymnasium_makes_it(self):
        env = gymnasium.make_vec("restock/DualSourcing-v0", num_envs=3, autoreset_mode="SameStep",
                                 overrides=["regular_lead_time=4"])
        self.assertIsInstance(env, restock.VectorEnv)
        self.assertEqual((env.num_envs, env.single_action_space.shape), (3, (2,)))
        self.assertEqual(env.lanes, ["item from supplier to store"] * 2)
        self.assertIn("pipeline_3", env.features)
        of_singles = gymnasium.make_vec("restock/DualSourcing-v0", num_envs=3, vectorization_mode="sync")
        self.assertEqual(of_singles.action_space, env.action_space)
        of_singles.close()
        env.close()

    def test_episodes_follow_the_seed(self):
        def rewards(env, seed):
            env.reset(seed=seed)
            return np.stack([env.step(np.full((8, 1), 5))[1].copy() for _ in range(15)])

        env, other = (restock.make_vec("lost_sales", 8, num_periods=10) for _ in range(2))
        np.testing.assert_array_equal(rewards(env, 5), rewards(other, 5))
        np.testing.assert_array_equal(rewards(env, None), rewards(other, None))  # goes on from the seed before
        self.assertFalse(np.array_equal(rewards(env, 5), rewards(env, 6)))
        self.assertFalse(np.array_equal(rewards(env, 5), rewards(env, None)))

    def test_arrays_are_views_unless_copies_are_asked_for(self):
        views, copies = (restock.make_vec("lost_sales", 8, outcomes=True, copy=copy) for copy in (False, True))
        for env, is_shared in ((views, True), (copies, False)):
            first, _ = env.reset(seed=1)
            one, other = env.step(np.full((8, 1), 5)), env.step(np.full((8, 1), 7))
            self.assertEqual(np.shares_memory(first, other[0]), is_shared)
            for before, after in zip((*one[:4], one[4]["demand"]), (*other[:4], other[4]["demand"])):
                self.assertEqual(np.shares_memory(before, after), is_shared)

    # The same structure and the same ends as Gymnasium's own vector environment over single ones.
    def test_resets_as_gymnasiums_own_vector_environment(self):
        for mode in (NEXT_STEP, SAME_STEP):
            for outcomes in (False, True):
                with self.subTest(mode=mode, outcomes=outcomes):
                    # demand is never zero, so that only a step that resets pays nothing
                    options = {"num_periods": 3, "outcomes": outcomes, "overrides": ["demand.mean=60"]}
                    ours = restock.make_vec("lost_sales", 4, autoreset_mode=mode, **options)
                    theirs = SyncVectorEnv([lambda: restock.make("lost_sales", **options)] * 4, autoreset_mode=mode)
                    self.assertEqual(ours.single_observation_space, theirs.single_observation_space)
                    self.assertEqual(ours.action_space, theirs.action_space)
                    ours.reset(seed=1)
                    theirs.reset(seed=1)
                    for _ in range(8):
                        orders = np.full((4, 1), 5, np.float32)
                        of_ours, of_theirs = copied(ours.step(orders)), theirs.step(orders)
                        np.testing.assert_array_equal(of_ours[2], of_theirs[2])
                        np.testing.assert_array_equal(of_ours[3], of_theirs[3])
                        np.testing.assert_array_equal(of_ours[1] == 0, of_theirs[1] == 0)
                        # of a step that only resets Gymnasium has no infos
                        if of_theirs[4] or not outcomes:
                            self.assertEqual(of_ours[4].keys(), of_theirs[4].keys())
                            for key, value in of_theirs[4].items():
                                self.assertEqual(type(of_ours[4][key]), type(value), key)
                                if isinstance(value, np.ndarray):
                                    self.assertEqual(of_ours[4][key].shape, value.shape, key)

    # Lead time 4: nothing has arrived by the end, and the last order is three periods away.
    def test_the_final_observation_is_that_of_the_end(self):
        env = restock.make_vec("lost_sales", 2, num_periods=2, autoreset_mode=SAME_STEP,
                               features=["on_hand", "pipeline_3"])
        env.reset(seed=1)
        env.step([[1], [2]])
        observation, _, _, truncated, infos = env.step([[7], [8]])
        self.assertEqual(truncated.tolist(), [True, True])
        self.assertEqual(observation.tolist(), [[[0, 0]], [[0, 0]]])
        self.assertEqual([one.tolist() for one in infos["final_obs"]], [[[0, 7]], [[0, 8]]])
        self.assertNotIn("final_obs", env.step([[0], [0]])[4])

    def test_gymnasiums_wrappers_fit(self):
        env = gymnasium.wrappers.vector.RecordEpisodeStatistics(restock.make_vec("lost_sales", 3, num_periods=4))
        env = gymnasium.wrappers.vector.FlattenObservation(env)
        env.reset(seed=1)
        total = np.zeros(3)
        for _ in range(4):
            observation, reward, _, _, infos = env.step(np.full((3, 1), 5, np.float32))
            total += reward
        self.assertEqual(observation.ndim, 2)
        np.testing.assert_allclose(infos["episode"]["r"], total)

    def test_refuses_to_leave_resets_to_the_caller(self):
        with self.assertRaisesRegex(ValueError, "NEXT_STEP or SAME_STEP"):
            restock.make_vec("lost_sales", 2, autoreset_mode=AutoresetMode.DISABLED)


class PeerTest(unittest.TestCase):
    def test_moves_as_plain_python_does(self):
        peer = pathlib.Path(__file__).parents[2] / "benchmarks" / "peers" / "gymnasium_peer.py"
        done = subprocess.run([sys.executable, peer, "--check-only"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class DocumentationTest(unittest.TestCase):
    def test_every_example_runs(self):
        page = pathlib.Path(__file__).parents[2] / "docs" / "python.md"
        examples = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
        self.assertGreater(len(examples), 0)
        for example in examples:
            with self.subTest(example):
                exec(compile(example, str(page), "exec"), {})


if __name__ == "__main__":
    unittest.main()
