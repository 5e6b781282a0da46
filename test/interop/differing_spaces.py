"""Writes test/golden/envs/differing_spaces.json: how the real Gymnasium compares spaces that differ, and batches them.

pip install gymnasium numpy; python test/interop/differing_spaces.py > test/golden/envs/differing_spaces.json
"""

import json

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, Discrete, Graph, MultiBinary, MultiDiscrete, OneOf, Sequence, Text, Tuple
from gymnasium.spaces.utils import is_space_dtype_shape_equiv
from gymnasium.vector.utils import batch_differing_spaces

PAIRS = [
    ("Box(0, 1, (2,))", "Box(-1, 4, (2,))"),
    ("Box(0, 1, (2,))", "Box(-1, 4, (3,))"),
    ("Box(0, 1, (2, 2))", "Box(0, 1, (4,))"),
    ("Box(0, 1, (2,))", "Box(0, 1, (2,), dtype=np.float64)"),
    ("Discrete(2)", "Discrete(5, start=3)"),
    ("Discrete(2)", "Discrete(2, dtype=np.int32)"),
    ("Discrete(2)", "Box(0, 1, (1,))"),
    ("MultiDiscrete([2, 3])", "MultiDiscrete([5, 5])"),
    ("MultiDiscrete([2, 3])", "MultiDiscrete([5, 5, 5])"),
    ("MultiBinary(3)", "MultiBinary(3)"),
    ("MultiBinary(3)", "MultiBinary([3, 1])"),
    ("Text(3)", "Text(3, min_length=2)"),
    ("Text(3)", "Text(4)"),
    ("Text(3)", "Text(3, charset='ab')"),
    ("Dict(a=Discrete(2))", "Dict(a=Discrete(3))"),
    ("Dict(a=Discrete(2))", "Dict(b=Discrete(3))"),
    ("Dict(a=Discrete(2))", "Dict(a=Box(0, 1, (1,)))"),
    ("Tuple([Discrete(2)])", "Tuple([Discrete(4)])"),
    ("Tuple([Discrete(2)])", "Tuple([Discrete(4), Discrete(1)])"),
    ("Sequence(Discrete(2))", "Sequence(Discrete(3))"),
    ("Sequence(Discrete(2))", "Sequence(Discrete(3), stack=True)"),
    ("Sequence(Discrete(2))", "Sequence(Box(0, 1, (1,)))"),
    ("OneOf([Discrete(2)])", "OneOf([Discrete(3)])"),
    ("OneOf([Discrete(2)])", "OneOf([Box(0, 1, (1,))])"),
    ("Graph(Discrete(2), None)", "Graph(Discrete(3), None)"),
    ("Graph(Discrete(2), Discrete(2))", "Graph(Discrete(3), None)"),
]

LISTS = [
    ["Box(-1, 1, (2,), seed=5)", "Box(-2, 3, (2,), seed=6)"],
    ["Box(-1, np.inf, (2,), seed=7)", "Box(-np.inf, 3, (2,))", "Box(0, 9, (2,))"],
    ["Box(0, 9, (2, 2), dtype=np.uint8, seed=8)", "Box(3, 4, (2, 2), dtype=np.uint8)"],
    ["Box(-1, 1, (2,))", "Box(-2, 3, (3,))"],
    ["Box(-1, 1, (2,))", "Box(-2, 3, (2,), dtype=np.float64)"],
    ["Discrete(3, seed=1)", "Discrete(4, start=2)", "Discrete(9, start=-3)"],
    ["MultiDiscrete([3, 4], seed=2)", "MultiDiscrete([2, 9], start=[1, 1])"],
    ["MultiDiscrete([3, 4])", "MultiDiscrete([2, 9, 3])"],
    ["MultiBinary(3, seed=3)", "MultiBinary(3)"],
    ["MultiBinary(3)", "MultiBinary(4)"],
    ["Dict(a=Discrete(2), b=Box(0, 1, (1,)))", "Dict(a=Discrete(3), b=Box(0, 4, (1,)))"],
    ["Dict(a=Discrete(2))", "Dict(c=Discrete(3))"],
    ["Tuple([Discrete(2), Discrete(3)])", "Tuple([Discrete(4), Discrete(3)])"],
    ["Tuple([Discrete(2)])", "Tuple([Discrete(4), Discrete(3)])"],
    ["Text(3, charset='ab', seed=1)", "Text(4, charset='cd', seed=2)"],
    ["Sequence(Discrete(2), seed=1)", "Sequence(Discrete(3), seed=2)"],
    ["OneOf([Discrete(2)])", "OneOf([Discrete(3)])"],
    ["Discrete(2)", "Box(0, 1, (1,))"],
    [],
]


def batched(ctors):
    try:
        space = batch_differing_spaces([eval(ctor) for ctor in ctors])
    except Exception as error:
        return {"spaces": ctors, "error": type(error).__name__}
    found = {"spaces": ctors, "repr": repr(space)}
    if "seed=" in "".join(ctors):
        samples = [space.sample() for _ in range(3)]
        found["samples"] = [
            s.tolist() if isinstance(s, np.ndarray) else [x if isinstance(x, str) else np.asarray(x).tolist() for x in s]
            for s in samples
        ]
    return found


print(
    json.dumps(
        {
            "meta": {"gymnasium": gymnasium.__version__, "numpy": np.__version__},
            "equivalent": [[a, b, is_space_dtype_shape_equiv(eval(a), eval(b))] for a, b in PAIRS],
            "batched": [batched(ctors) for ctors in LISTS],
        },
        indent=1,
    )
)
