"""Stable-Baselines3 on a batch of environments."""

import pathlib
import re
import subprocess
import sys
import unittest

from needs import needs

needs(numpy="apt-get install python3-numpy", gymnasium="pip install gymnasium",
      stable_baselines3="pip install stable-baselines3", torch="pip install torch")

import numpy as np  # noqa: E402
from stable_baselines3.common.env_checker import check_env  # noqa: E402

import restock  # noqa: E402
from restock.stable_baselines3 import StableVecEnv  # noqa: E402


class StableBaselines3Test(unittest.TestCase):
    def test_passes_its_check(self):
        check_env(restock.make("serial", actions="discrete"), warn=False)

    def test_a_batch_tells_ends_as_it_wants_them(self):
        env = StableVecEnv("lost_sales", 3, num_periods=2, features=["on_hand", "pipeline_3"])
        env.seed(1)
        np.testing.assert_array_equal(env.reset(), np.zeros((3, 1, 2)))
        _, _, dones, infos = env.step(np.full((3, 1), 5))
        self.assertEqual((dones.tolist(), infos), ([False] * 3, [{}] * 3))
        observation, _, dones, infos = env.step(np.array([[7], [8], [9]]))
        self.assertEqual((dones.tolist(), observation.tolist()), ([True] * 3, [[[0, 0]]] * 3))
        self.assertEqual([info["terminal_observation"].tolist() for info in infos], [[[0, 7]], [[0, 8]], [[0, 9]]])
        self.assertTrue(all(info["TimeLimit.truncated"] for info in infos))
        self.assertEqual(env.get_attr("render_mode"), [None] * 3)

    # A few updates only: that it learns is measured in docs/results.md. Never ordering would cost 4 * 5 = 20.
    def test_the_example_trains(self):
        example = pathlib.Path(__file__).parents[2] / "python" / "examples" / "train_sb3.py"
        done = subprocess.run([sys.executable, example, "--timesteps", "30000"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(float(re.search(r"PPO, .* steps: ([0-9.]+)", done.stdout)[1]), 10)


if __name__ == "__main__":
    unittest.main()
