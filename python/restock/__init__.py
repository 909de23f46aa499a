"""Restock's simulator of inventory problems for Python and Gymnasium.

    import restock
    env = restock.make_vec("lost_sales", num_envs=1024, overrides=["lead_time=3"])
    observation, info = env.reset(seed=1)
    observation, reward, terminated, truncated, info = env.step(env.action_space.sample())

The problems of the library are registered with Gymnasium: gymnasium.make("restock/LostSales-v0"). Without Gymnasium the
package still has `Simulator`, the same batch of environments in plain NumPy arrays.
"""

from restock._core import AutoReset, Simulator
from restock.problem_library import problem_file, problem_names

__all__ = ["AutoReset", "Env", "Simulator", "VectorEnv", "make", "make_vec", "problem_file", "problem_names"]


def make(problem, **options):
    """One environment: Env(problem, ...)."""
    return _environments().Env(problem, **options)


def make_vec(problem, num_envs=1, **options):
    """A batch of environments: VectorEnv(problem, num_envs, ...)."""
    return _environments().VectorEnv(problem, num_envs, **options)


def _environments():
    try:
        import gymnasium  # noqa: F401
    except ImportError as error:
        raise ImportError("Restock's environments need Gymnasium: pip install gymnasium. "
                          "Without it there is restock.Simulator.") from error
    from restock import environments
    return environments


def __getattr__(name):
    if name in ("Env", "VectorEnv"):
        return getattr(_environments(), name)
    raise AttributeError(f"module 'restock' has no attribute {name!r}")


def _register():
    try:
        import gymnasium  # noqa: F401
    except ImportError:
        return
    from restock.registration import register_problems
    register_problems()


_register()
