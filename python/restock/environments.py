"""The simulator as Gymnasium's environments: `VectorEnv`, a batch, and `Env`, one of it.

An observation holds the features of all sites, (num_sites, num_features), in units, periods and money as docs/model.md
tells; an action holds the units wanted on each lane, (num_lanes). Orders are made feasible by the simulator, so any
action of the space may be taken.
"""

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space

from restock._core import AutoReset, Simulator
from restock.problem_library import problem_file

_AUTO_RESET = {AutoresetMode.NEXT_STEP: AutoReset.NEXT_STEP, AutoresetMode.SAME_STEP: AutoReset.SAME_STEP}


def _observation_space(simulator):
    return spaces.Box(-np.inf, np.inf, simulator.observation.shape[1:], np.float32)


def _action_space(simulator, actions, max_order):
    most = simulator.most_sensible_orders if max_order is None else np.broadcast_to(max_order, len(simulator.lanes))
    most = np.asarray(most, np.float32)
    if (most < 1).any():
        raise ValueError(f"max_order must be at least 1, but is {max_order}.")
    if actions == "box":
        return spaces.Box(np.zeros_like(most), most, dtype=np.float32)
    if actions == "discrete":
        return spaces.MultiDiscrete(most.astype(np.int64) + 1)
    raise ValueError(f'actions must be "box" or "discrete", but is {actions!r}.')


def _outcomes(simulator):
    """What a step tells beside the reward, as views: the costs by kind, and units."""
    infos = {f"{kind.replace(' ', '_')}_cost": cost for kind, cost in simulator.cost.items()}
    return infos | {"demand": simulator.demand, "sold": simulator.sold, "shipped": simulator.shipped}


class _Named:
    """What stands in an environment's arrays, by name."""

    @property
    def features(self):
        """Names of an observation's features."""
        return self.simulator.features

    @property
    def sites(self):
        """Names of an observation's sites."""
        return self.simulator.sites

    @property
    def lanes(self):
        """Names of an action's lanes."""
        return self.simulator.lanes


class VectorEnv(_Named, gymnasium.vector.VectorEnv):
    """A batch of environments of one problem, stepped by one call.

    The arrays that `reset` and `step` return are views of the simulator's memory and are overwritten by the next step,
    unless `copy` is set: copy what you keep. All environments end their episodes together, by the time limit.

    Args:
        problem: the name of a problem of the library, or the path of a problem file.
        num_envs: number of environments.
        overrides: settings of the file, such as ["lead_time=3", "demand.mean=4"].
        num_periods: length of an episode.
        autoreset_mode: gymnasium.vector.AutoresetMode, NEXT_STEP or SAME_STEP.
        actions: "box": any units up to `max_order`, rounded; "discrete": MultiDiscrete of whole units.
        max_order: most units of an order, one number or one per lane; by default ten periods of mean demand.
        features: names of the features to observe, in their order; by default all, see `features`.
        outcomes: whether `info` tells costs by kind, demand, sold and shipped units.
        copy: whether `reset` and `step` return copies.
        credit_leftovers: whether what is left at the end of an episode pays back its `unit_value`.
        initial_stock_spread: each initial stock is multiplied by a draw from [1 - spread, 1 + spread].
        num_threads: threads that share the work; 0: one per core. The results are the same.
    """

    def __init__(self, problem, num_envs=1, *, overrides=(), num_periods=100, autoreset_mode=AutoresetMode.NEXT_STEP,
                 actions="box", max_order=None, features=(), outcomes=False, copy=False, credit_leftovers=True,
                 initial_stock_spread=0.0, num_threads=1):
        autoreset_mode = AutoresetMode(autoreset_mode)
        if autoreset_mode not in _AUTO_RESET:
            raise ValueError("restock.VectorEnv resets by itself: autoreset_mode must be NEXT_STEP or SAME_STEP.")
        self.simulator = Simulator(
            problem_file(problem), list(overrides), num_envs=num_envs, num_periods=num_periods,
            auto_reset=_AUTO_RESET[autoreset_mode], features=list(features), outcomes=outcomes,
            credit_leftovers=credit_leftovers, initial_stock_spread=initial_stock_spread, num_threads=num_threads)
        self.metadata = {"render_modes": [], "autoreset_mode": autoreset_mode}
        self.render_mode = None
        self.num_envs = num_envs
        self.single_observation_space = _observation_space(self.simulator)
        self.single_action_space = _action_space(self.simulator, actions, max_order)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._copy = copy
        self._observation = self.simulator.observation
        self._rest = (self.simulator.reward, self.simulator.terminated, self.simulator.truncated)
        self._everyone = np.ones(num_envs, bool)
        self._infos = self._with_masks(_outcomes(self.simulator)) if outcomes else {}
        self._is_same_step = autoreset_mode == AutoresetMode.SAME_STEP

    def reset(self, *, seed=None, options=None):
        """Starts an episode in every environment; the same seed gives the same episodes."""
        super().reset(seed=seed)
        self.simulator.reset(int(self.np_random.integers(2**63)))
        return self._observation.copy() if self._copy else self._observation, {}

    def step(self, actions):
        """Orders `actions`, (num_envs, num_lanes), and lets a period pass."""
        ended = self.simulator.step(actions)
        infos = self._final_infos() if ended and self._is_same_step else self._infos.copy()
        if not self._copy:
            return self._observation, *self._rest, infos
        infos = {key: value.copy() for key, value in infos.items()}
        return self._observation.copy(), *(array.copy() for array in self._rest), infos

    def _with_masks(self, infos):
        # Gymnasium tells by a mask named _key which environments have `key`
        return infos | {f"_{key}": self._everyone for key in infos}

    def _final_infos(self):
        final_obs = np.empty(self.num_envs, object)
        for env, observation in enumerate(self.simulator.final_observation.copy()):
            final_obs[env] = observation
        final_info = {key: value.copy() for key, value in self._infos.items()}
        return self._with_masks({"final_obs": final_obs, "final_info": final_info})


class Env(_Named, gymnasium.Env):
    """One environment of a problem: see VectorEnv for the arguments. Every array that it returns is a copy."""

    metadata = {"render_modes": []}

    def __init__(self, problem, *, overrides=(), num_periods=100, actions="box", max_order=None, features=(),
                 outcomes=False, credit_leftovers=True, initial_stock_spread=0.0, render_mode=None):
        if render_mode is not None:
            raise ValueError("restock.Env draws nothing: render_mode must be None.")
        self.simulator = Simulator(
            problem_file(problem), list(overrides), num_periods=num_periods, features=list(features),
            outcomes=outcomes, credit_leftovers=credit_leftovers, initial_stock_spread=initial_stock_spread)
        self.render_mode = None
        self.observation_space = _observation_space(self.simulator)
        self.action_space = _action_space(self.simulator, actions, max_order)
        self._observation = self.simulator.observation
        self._reward = self.simulator.reward
        self._outcomes = _outcomes(self.simulator) if outcomes else {}

    def reset(self, *, seed=None, options=None):
        """Starts an episode; the same seed gives the same episodes."""
        super().reset(seed=seed)
        self.simulator.reset(int(self.np_random.integers(2**63)))
        return self._observation[0].copy(), {}

    def step(self, action):
        """Orders `action`, (num_lanes), and lets a period pass."""
        if self.simulator.period == self.simulator.num_periods:
            raise RuntimeError("the episode has ended: call reset() before the next step().")
        ended = self.simulator.step(np.asarray(action)[np.newaxis])
        infos = {key: array[0].copy() for key, array in self._outcomes.items()}
        return self._observation[0].copy(), float(self._reward[0]), False, ended, infos
