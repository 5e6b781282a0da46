"""Makes a `keras_flavour` pack with other seeds and sizes, from the real `ncps.keras` on TensorFlow.

    python -m venv venv && venv/bin/pip install tensorflow ncps
    venv/bin/python test/interop/new_keras_goldens.py /tmp/goldens 7
    GOLDEN_DIR=/tmp/goldens npm run test:golden

Arguments: folder to write (new_goldens.py may write the other packs there), seed. Every case of the checked-in pack is made again, with
inputs one wider, more neurons, another batch, length, circuit, weights and elapsed times. Cells are stepped in a loop. Not needed by `npm test`.
"""

import json
import os
import random
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import numpy as np
import tensorflow as tf
from ncps import wirings
from ncps.keras.cfc_cell import CfCCell
from ncps.keras.ltc_cell import LTCCell
from ncps.keras.mm_rnn import MixedMemoryRNN
from ncps.keras.wired_cfc_cell import WiredCfCCell

HERE = Path(__file__).resolve().parent.parent / "golden" / "ncps"


class Bin:
    """Tensors one after the other, each at a multiple of 8 bytes."""

    def __init__(self):
        self.bytes = bytearray()

    def add(self, tensor):
        data = np.asarray(tensor, dtype=np.float32)
        self.bytes += b"\0" * (-len(self.bytes) % 8)
        entry = {"shape": list(data.shape), "offset": len(self.bytes)}
        self.bytes += data.tobytes()
        return entry


def other_wiring(old, rng):
    if old is None:
        return None
    args = dict(old["args"])
    for name in ("seed", "random_seed"):
        if name in args:
            args[name] = rng.randrange(1 << 31)
    args["units"] += rng.randrange(1, 5)
    return {"class": old["class"], "args": args}


def other_construct(old, rng):
    construct = dict(old)
    construct["input_size"] += 1
    for name in ("units", "backbone_units"):
        if construct.get(name):
            construct[name] += rng.randrange(1, 6)
    return construct


def make_cell(kind, construct, wiring):
    settings = {k: v for k, v in construct.items() if k not in ("input_size", "units", "mixed_memory")}
    if kind == "LTC":
        cell = LTCCell(wiring if wiring is not None else wirings.FullyConnected(construct["units"]), **settings)
    elif wiring is not None:
        cell = WiredCfCCell(wiring, **settings)
    else:
        cell = CfCCell(construct["units"], **settings)
    return MixedMemoryRNN(cell) if construct.get("mixed_memory") else cell


def named_weights(cell, prefix=""):
    """Variables by the path of attributes that leads to them."""
    if isinstance(cell, MixedMemoryRNN):
        own = {name: getattr(cell, name) for name in ("input_kernel", "recurrent_kernel", "bias")}
        return {**own, **named_weights(cell.rnn_cell, "rnn_cell.")}
    if isinstance(cell, LTCCell):
        return {f"{prefix}{v.name}": v for v in cell.trainable_variables}
    if isinstance(cell, WiredCfCCell):
        layers = enumerate(cell._cfc_layers)
        return {k: v for i, layer in layers for k, v in named_weights(layer, f"{prefix}_cfc_layers.{i}.").items()}
    found = {f"{prefix}{v.name}": v for v in cell.trainable_variables if v.name in OWN_OF_CFC}
    if cell.backbone_fn is not None:
        for i, layer in enumerate(cell.backbone_fn.layers):
            found.update(dense_weights(layer, f"{prefix}backbone_fn.layers.{i}."))
    for name in ("time_a", "time_b"):
        if hasattr(cell, name):
            found.update(dense_weights(getattr(cell, name), f"{prefix}{name}."))
    return found


OWN_OF_CFC = ("ff1_weight", "ff1_bias", "ff2_weight", "ff2_bias", "w_tau", "A")


def dense_weights(layer, prefix):
    return {f"{prefix}{name}": getattr(layer, name) for name in ("kernel", "bias") if hasattr(layer, name)}


def unroll(cell, values, has_memory):
    """Outputs and final states of a sequence; without elapsed times the cell takes its own."""
    x, span, h, c = (values.get(name) for name in ("input", "timespans", "h0", "c0"))
    outputs = []
    for t in range(x.shape[1]):
        seen = x[:, t] if span is None else (x[:, t], span[:, t])
        output, state = cell(seen, [c, [h]] if has_memory else [h])
        outputs.append(output)
        c, h = state if has_memory else (None, state)
        while isinstance(h, (list, tuple)):  # a wired cell's state is a tensor, the others' a list
            h = h[0]
    result = {"output": tf.stack(outputs, 1), "h_n": h}
    return {**result, "c_n": c} if has_memory else result


def unroll_case(case, cell, values):
    has_memory = bool(case["construct"].get("mixed_memory"))
    if case["feed"] != "tuple_per_sample":
        return unroll(cell, values, has_memory)
    # the wired cell compares the elapsed time with 1, which works for one sample only
    parts = [unroll(cell, {k: v[b : b + 1] for k, v in values.items()}, has_memory) for b in range(values["input"].shape[0])]
    return {name: tf.concat([part[name] for part in parts], 0) for name in parts[0]}


def masks_of(cell):
    cell = cell.rnn_cell if isinstance(cell, MixedMemoryRNN) else cell
    if not isinstance(cell, WiredCfCCell):
        return {}
    return {"masks": [np.asarray(layer.sparsity_mask).astype(int).tolist() for layer in cell._cfc_layers]}


def make_case(case, data, rng):
    numbers = np.random.default_rng(rng.randrange(1 << 31))
    tf.random.set_seed(rng.randrange(1 << 31))
    construct = other_construct(case["construct"], rng)
    described = other_wiring(case["wiring"], rng)
    wiring = None if described is None else getattr(wirings, described["class"])(**described["args"])
    units = construct["units"] if wiring is None else wiring.units
    batch, steps = rng.randrange(2, 6), rng.randrange(2, 9)
    normal = lambda *shape: tf.constant(numbers.standard_normal(shape), tf.float32)
    values = {"input": normal(batch, steps, construct["input_size"])}
    for name in ("h0", "c0"):
        if name in case["inputs"]:
            values[name] = 0.5 * normal(batch, units)
    if "timespans" in case["inputs"]:
        values["timespans"] = tf.constant(numbers.uniform(0.1, 2.1, (batch, steps)), tf.float32)
    cell = make_cell(case["kind"], construct, wiring)
    cell.build((None, construct["input_size"]))
    weights = named_weights(cell)
    for name, variable in weights.items():
        if name.rsplit(".", 1)[-1] in JITTERED:
            variable.assign(variable + 0.3 * normal(*variable.shape))
    if set(weights) != set(case["weights"]):
        raise ValueError(f"{case['id']}: weights are {sorted(weights)}, expected {sorted(case['weights'])}")
    with tf.GradientTape() as tape:
        tape.watch(list(values.values()))
        outputs = unroll_case(case, cell, values)
        R = {name: normal(*outputs[name].shape) for name in case["loss_terms"]}
        loss = sum(tf.reduce_sum(outputs[name] * R[name]) for name in case["loss_terms"])
    variables = {name: v.value for name, v in weights.items()}
    gradients = tape.gradient(loss, [variables, values])
    add = lambda tensors: {name: None if t is None else data.add(t) for name, t in tensors.items()}
    return {
        **{k: case[k] for k in ("id", "kind", "dtype", "feed", "loss_terms", "loss")},
        "construct": construct,
        "wiring": described,
        "weights": add(variables),
        "inputs": add(values),
        "R": add(R),
        "outputs": {**add(outputs), "loss": float(loss)},
        "grads": {"weights": add(gradients[0]), "inputs": add(gradients[1])},
        **masks_of(cell),
    }


# Their first values are constants, which would hide mistakes.
JITTERED = ("input_w", "input_b", "output_w", "output_b", "ff1_bias", "ff2_bias", "bias", "w_tau", "A")


def main(folder, seed):
    rng = random.Random(seed)
    pack = json.loads((HERE / "keras_flavour.json").read_text())
    data = Bin()
    cases = [make_case(case, data, rng) for case in pack["cases"]]
    out = Path(folder) / "ncps"
    out.mkdir(parents=True, exist_ok=True)
    meta = {"what": pack["meta"]["what"], "tensorflow": tf.__version__, "seed": seed}
    (out / "keras_flavour.json").write_text(json.dumps({"meta": meta, "cases": cases}))
    (out / "keras_flavour.bin").write_bytes(bytes(data.bytes))
    print(f"{len(cases)} cases in {out}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
