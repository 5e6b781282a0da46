"""Makes golden packs of the same layout as test/golden/ncps, with other seeds and sizes, from the real `ncps`.

    python -m venv venv && venv/bin/pip install torch ncps numpy
    venv/bin/python test/interop/new_goldens.py /tmp/goldens 7
    GOLDEN_DIR=/tmp/goldens npm run test:golden

Arguments: folder to write, seed. Every case of the checked-in packs is made again: inputs one wider, more neurons, other batch,
length, circuit, weights and elapsed times. Not needed by `npm test`.
"""

import json
import random
import sys
from pathlib import Path

import numpy as np
import torch
from ncps import wirings
from ncps.torch import CfC, CfCCell, LTC, LTCCell, WiredCfCCell

HERE = Path(__file__).resolve().parent.parent / "golden" / "ncps"
MODELS = {"CfC": CfC, "LTC": LTC, "CfCCell": CfCCell, "LTCCell": LTCCell, "WiredCfCCell": WiredCfCCell}
PACKS = ["cfc_fc", "cfc_misc", "cfc_wired", "ltc", "float64"]


class Bin:
    """Tensors one after the other, each at a multiple of 8 bytes."""

    def __init__(self, dtype):
        self.bytes = bytearray()
        self.dtype = dtype

    def add(self, tensor):
        data = tensor.detach().numpy().astype(self.dtype)
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
    if "units" in args:
        args["units"] += rng.randrange(1, 5)
    for name in ("inter_neurons", "command_neurons", "motor_neurons"):
        if name in args:
            args[name] += rng.randrange(1, 3)
    return {"class": old["class"], "args": args}


def make_wiring(described):
    return getattr(wirings, described["class"])(**described["args"])


def build(case, construct, described):
    kwargs = dict(construct)
    kind = case["kind"]
    if kind in ("LTCCell", "WiredCfCCell"):
        wiring = make_wiring(described)
        if kind == "WiredCfCCell":
            return WiredCfCCell(kwargs.pop("input_size"), wiring, **kwargs)
        return LTCCell(wiring, **kwargs)
    if kind == "CfCCell":
        if "sparsity_mask" in kwargs:
            kwargs["sparsity_mask"] = np.array(kwargs["sparsity_mask"])
        return CfCCell(kwargs.pop("input_size"), kwargs.pop("hidden_size"), **kwargs)
    if described is not None:
        kwargs["units"] = make_wiring(described)
    return MODELS[kind](**kwargs)


def make_case(case, data, rng):
    torch.manual_seed(rng.randrange(1 << 31))
    double = case["dtype"] == "float64"
    torch.set_default_dtype(torch.float64 if double else torch.float32)
    construct = json.loads(json.dumps(case["construct"]))
    for name in ("input_size", "in_features"):
        if name in construct:
            construct[name] += 1
    for name in ("units", "hidden_size", "backbone_units"):
        if construct.get(name):
            construct[name] += rng.randrange(1, 6)
    inputs_old = case["inputs"]
    is_cell = case["kind"].endswith("Cell")
    shape = list(inputs_old["input"]["shape"])
    shape[-1] += 1
    batch, steps = rng.randrange(2, 6), rng.randrange(2, 9)
    time_first = construct.get("batch_first") is False
    if is_cell:
        shape[0] = batch
    elif len(shape) == 2:
        shape[0] = steps
    elif case["id"] != "H1":
        shape[:2] = (steps, batch) if time_first else (batch, steps)
    described = other_wiring(case["wiring"], rng)
    if "sparsity_mask" in construct:
        rows = construct["input_size"] + construct["hidden_size"]
        construct["sparsity_mask"] = [[rng.choice([-1, 0, 1]) for _ in range(construct["hidden_size"])] for _ in range(rows)]
    model = build(case, construct, described)
    model.eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.rsplit(".", 1)[-1] in ("input_w", "input_b", "output_w", "output_b"):
                parameter.add_(0.3 * torch.randn_like(parameter))
    frozen = [name for name, p in model.named_parameters() if not p.requires_grad]
    batch_shape = [] if not is_cell and len(shape) == 2 else [shape[0] if is_cell or not time_first else shape[1]]
    units = model.hidden_size if case["kind"] == "CfCCell" else model.state_size
    values = {"input": torch.randn(shape)}
    for name in ("h0", "c0"):
        if name in inputs_old:
            values[name] = 0.5 * torch.randn(batch_shape + [units])
    if "timespans" in inputs_old:
        old = inputs_old["timespans"]["shape"]
        wanted = [shape[0], 1] if is_cell else shape[:-1]
        if case["feed"] == "raw" and len(old) == 2 and not is_cell and case["id"] != "H1":
            wanted = [1, shape[1]]
        span = torch.rand(wanted) * 2 + 0.1
        if case["id"].startswith("extreme"):
            span = 10 ** (torch.rand(wanted) * 6 - 3)
        if case["id"] == "zero_dt":
            span = span * (torch.rand(wanted) < 0.5)
        values["timespans"] = span
    for value in values.values():
        value.requires_grad_(True)
    outputs = run(case, model, values, is_cell, time_first, units)
    R = {name: torch.randn(outputs[name].shape) for name in case["loss_terms"]}
    loss = sum((outputs[name] * R[name]).sum() for name in case["loss_terms"])
    loss.backward()
    weights = dict(model.named_parameters())
    grad = lambda tensor: None if tensor.grad is None else data.add(tensor.grad)
    return {
        **{k: case[k] for k in ("id", "kind", "dtype", "feed", "loss_terms", "loss")},
        "construct": construct,
        "wiring": described,
        "frozen_weights": frozen,
        "weights": {name: data.add(p) for name, p in weights.items()},
        "inputs": {name: data.add(v) for name, v in values.items()},
        "R": {name: data.add(v) for name, v in R.items()},
        "outputs": {**{name: data.add(v) for name, v in outputs.items()}, "loss": loss.item()},
        "grads": {
            "weights": {name: grad(p) for name, p in weights.items() if name not in frozen},
            "inputs": {name: grad(v) for name, v in values.items()},
        },
    }


def run(case, model, values, is_cell, time_first, units):
    span, h, c = values.get("timespans"), values.get("h0"), values.get("c0")
    if is_cell:
        state = h if h is not None else torch.zeros(values["input"].shape[0], units)
        extra = [] if span is None else [span]
        if case["kind"] == "CfCCell":
            extra = [1.0] if span is None else [span]
        if case["kind"] == "WiredCfCCell":
            extra = [1.0] if span is None else [span]
        output, next_state = model(values["input"], state, *extra)
        return {"output": output, "h_n": next_state}
    state = h if c is None else (h, c)
    has_memory = case["construct"].get("mixed_memory", False)
    if case["feed"] == "per_sample":
        axis = 1 if time_first else 0
        parts = []
        for b in range(values["input"].shape[axis]):
            pick = lambda v, a: v.select(a, b).unsqueeze(a)
            part_state = None if h is None else pick(h, 0) if c is None else (pick(h, 0), pick(c, 0))
            parts.append(model(pick(values["input"], axis), part_state, pick(span, axis)))
        # without sequences the output has no time axis
        out_axis = axis if case["construct"].get("return_sequences", True) else 0
        output = torch.cat([p[0] for p in parts], out_axis)
        final = [p[1] if isinstance(p[1], tuple) else (p[1],) for p in parts]
        states = [torch.cat([f[i] for f in final], 0) for i in range(len(final[0]))]
        return {"output": output, "h_n": states[0], **({"c_n": states[1]} if has_memory else {})}
    if case["feed"] == "expand":
        span = span.unsqueeze(-1).expand(*span.shape, units)
    output, final = model(values["input"], state, span) if span is not None else model(values["input"], state)
    return {"output": output, "h_n": final[0], "c_n": final[1]} if has_memory else {"output": output, "h_n": final}


def run_length(matrix):
    text, zeros = "", 0
    for value in np.asarray(matrix).reshape(-1):
        if value == 0:
            zeros += 1
            continue
        text += (str(zeros) if zeros else "") + ("+" if value > 0 else "-")
        zeros = 0
    return text + (str(zeros) if zeros else "")


def wiring_cases(name, rng):
    made = []
    for i in range(120):
        if name == "wirings_autoncp":
            units = rng.randrange(5, 90)
            args = dict(units=units, output_size=rng.randrange(1, units - 2), sparsity_level=round(rng.uniform(0.1, 0.95), 2), seed=rng.randrange(1 << 32))
            kind = "AutoNCP"
        elif name == "wirings_ncp":
            inter, command, motor = rng.randrange(1, 30), rng.randrange(1, 20), rng.randrange(1, 10)
            args = dict(inter_neurons=inter, command_neurons=command, motor_neurons=motor, sensory_fanout=rng.randrange(0, inter + 1),
                        inter_fanout=rng.randrange(0, command + 1), recurrent_command_synapses=rng.randrange(0, 12),
                        motor_fanin=rng.randrange(0, command + 1), seed=rng.randrange(1 << 32))
            kind = "NCP"
        elif i % 2 == 0:
            units = rng.randrange(1, 60)
            args = dict(units=units, output_dim=rng.randrange(1, units + 1), sparsity_level=round(rng.random() * 0.99, 3), random_seed=rng.randrange(1 << 40))
            kind = "Random"
        else:
            units = rng.randrange(1, 40)
            args = dict(units=units, output_dim=rng.randrange(1, units + 1), erev_init_seed=rng.randrange(1 << 40), self_connections=rng.random() < 0.5)
            kind = "FullyConnected"
        inputs = rng.randrange(1, 40)
        wiring = getattr(wirings, kind)(**args)
        wiring.build(inputs)
        layers = [list(wiring.get_neurons_of_layer(l)) for l in range(wiring.num_layers)]
        made.append({
            "id": f"{kind}{tuple(args.values())}@{inputs}", "class": kind, "args": args, "input_dim": inputs, "units": wiring.units,
            "output_dim": wiring.output_dim, "num_layers": wiring.num_layers,
            "types": "".join(wiring.get_type_of_neuron(n)[0] for n in range(wiring.units)),
            "layer_sizes": [len(l) for l in layers], "layer_first_id": [l[0] for l in layers],
            "synapse_count": int(wiring.synapse_count), "sensory_synapse_count": int(wiring.sensory_synapse_count),
            "adjacency": run_length(wiring.adjacency_matrix), "sensory": run_length(wiring.sensory_adjacency_matrix),
        })
    return made


def main():
    folder, seed = Path(sys.argv[1]) / "ncps", int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    torch.set_num_threads(1)
    for pack in PACKS:
        cases = json.loads((HERE / f"{pack}.json").read_text())["cases"]
        data = Bin("<f8" if pack == "float64" else "<f4")
        made = [make_case(case, data, rng) for case in cases]
        (folder / f"{pack}.json").write_text(json.dumps({"cases": made}))
        (folder / f"{pack}.bin").write_bytes(bytes(data.bytes))
        print(f"{pack}: {len(made)} cases")
    for name in ("wirings_autoncp", "wirings_ncp", "wirings_random_fc"):
        (folder / f"{name}.json").write_text(json.dumps({"cases": wiring_cases(name, rng)}))
        print(f"{name}: 120 cases")


main()
