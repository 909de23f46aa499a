"""A batch of environments as Stable-Baselines3's VecEnv, without a Python loop over environments."""

import numpy as np
from stable_baselines3.common.vec_env import VecEnv

from restock.environments import VectorEnv


class StableVecEnv(VecEnv):
    """Takes the arguments of restock.VectorEnv; all environments share one seed, that of the first."""

    def __init__(self, problem, num_envs=1, **options):
        self.env = VectorEnv(problem, num_envs, autoreset_mode="SameStep", copy=True, **options)
        super().__init__(num_envs, self.env.single_observation_space, self.env.single_action_space)

    def reset(self):
        observation, _ = self.env.reset(seed=self._seeds[0])
        self._reset_seeds()
        self._reset_options()
        return observation

    def step_async(self, actions):
        self._actions = actions

    def step_wait(self):
        observation, reward, _, truncated, infos = self.env.step(self._actions)
        if "final_obs" not in infos:
            return observation, reward, truncated, [{} for _ in range(self.num_envs)]
        final = [{"terminal_observation": one, "TimeLimit.truncated": True} for one in infos["final_obs"]]
        return observation, reward, truncated, final

    def close(self):
        self.env.close()

    def get_attr(self, attr_name, indices=None):
        return [getattr(self.env, attr_name)] * len(list(self._get_indices(indices)))

    def set_attr(self, attr_name, value, indices=None):
        raise NotImplementedError("the environments of a batch have no attributes of their own.")

    def env_method(self, method_name, *method_args, indices=None, **method_kwargs):
        raise NotImplementedError("the environments of a batch have no methods of their own.")

    def env_is_wrapped(self, wrapper_class, indices=None):
        return [False] * len(list(self._get_indices(indices)))
