"""Registers the problem library with Gymnasium: lost_sales.yaml becomes restock/LostSales-v0."""

from gymnasium.envs.registration import register, registry

from restock.problem_library import problem_names


def environment_id(problem):
    """The Gymnasium name of a problem of the library."""
    return "restock/" + "".join(word.capitalize() for word in problem.split("_")) + "-v0"


def register_problems():
    """Makes gymnasium.make and gymnasium.make_vec know every problem of the library; again does nothing."""
    for problem in problem_names():
        if environment_id(problem) not in registry:
            register(environment_id(problem), entry_point="restock.environments:Env",
                     vector_entry_point="restock.environments:VectorEnv", kwargs={"problem": problem})
