"""Measures video memory of nnU-Net's inference loop and training step, and the host memory of a CUDA process.

    python benchmarks/memory/gpu_points.py OUT.csv [--quick]

Needs torch with a CUDA device, numpy, and dynamic_network_architectures (pure Python; nnU-Net's networks). nnunetv2 itself is not
needed: `infer` and `step` repeat, allocation for allocation, nnUNetPredictor._internal_predict_sliding_window_return_logits and
nnUNetTrainer.train_step of v2.8.1. Every point runs in a process of its own, so that caches do not carry over; one that runs out of
memory or fails has its error in the column `error`. About four minutes on one H200.

Columns, in MiB: allocated and reserved are torch's own peaks; device is what the driver says is used on the whole card at the end (torch
keeps what it reserved; context included), context_device the same before the first tensor; rss, anon and shared are the host's memory of the process at its end, peak_rss its peak.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import subprocess
import sys
import time
from pathlib import Path

MIB = 2**20


def plain(patch, features=(32, 64, 128, 256, 320, 320), dims=3):
    return {"class": "PlainConvUNet", "patch": patch, "features": list(features), "dims": dims}


def residual(patch, features=(32, 64, 128, 256, 320, 320)):
    return {"class": "ResidualEncoderUNet", "patch": patch, "features": list(features), "dims": 3}


def points(quick):
    """What is measured: host processes, training steps against the planner's estimate, inference by classes and size."""
    flat = (32, 64, 128, 256, 512, 512, 512)
    found = [{"kind": "import"}, {"kind": "context"}]
    found += [{"kind": "train", "batch": 2, "channels": 1, "heads": 3, **plain([128, 128, 128])}]
    found += [{"kind": "predict", "channels": 1, "heads": 3, "size": [200, 256, 256], **plain([128, 128, 128])}]
    if quick:
        return found
    found += [
        {"kind": "train", "batch": 4, "channels": 4, "heads": 4, **plain([128, 128, 128])},
        {"kind": "train", "batch": 2, "channels": 1, "heads": 30, **plain([128, 128, 128])},
        {"kind": "train", "batch": 2, "channels": 1, "heads": 3, **plain([96, 160, 160])},
        {"kind": "train", "batch": 2, "channels": 1, "heads": 3, **plain([64, 64, 64], (32, 64, 128, 256, 320))},
        {"kind": "train", "batch": 12, "channels": 1, "heads": 3, **plain([512, 512], flat, dims=2)},
        {"kind": "train", "batch": 2, "channels": 1, "heads": 3, **residual([128, 128, 128])},
        {"kind": "train", "batch": 2, "channels": 1, "heads": 3, **residual([160, 192, 192])},
        {"kind": "train", "batch": 3, "channels": 2, "heads": 5, **residual([192, 192, 192])},
        {"kind": "train", "batch": 2, "channels": 1, "heads": 3, "compile": True, **plain([128, 128, 128])},
        {"kind": "predict", "channels": 1, "heads": 30, "size": [200, 256, 256], **plain([128, 128, 128])},
        {"kind": "predict", "channels": 4, "heads": 4, "size": [155, 240, 240], **plain([128, 128, 128])},
        {"kind": "predict", "channels": 1, "heads": 105, "size": [300, 300, 300], **plain([128, 128, 128])},
        {"kind": "predict", "channels": 1, "heads": 3, "size": [400, 400, 400], **residual([160, 192, 192])},
        {"kind": "predict", "channels": 1, "heads": 5, "size": [60, 512, 512], **plain([512, 512], flat, dims=2)},
        {
            "kind": "predict",
            "channels": 1,
            "heads": 30,
            "size": [200, 256, 256],
            "host": True,
            **plain([128, 128, 128]),
        },
        {
            "kind": "predict",
            "channels": 1,
            "heads": 3,
            "size": [96, 96, 96],
            **plain([64, 64, 64], (32, 64, 128, 256, 320)),
        },
    ]
    return found


def status():
    """MiB of resident, private (anonymous) and file or shared memory of this process, and the peak of the first."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    kib = {
        name: int(fields[name].split()[0])
        for name in ("VmRSS", "RssAnon", "RssFile", "RssShmem", "VmHWM")
        if name in fields
    }
    shared = kib.get("RssFile", 0) + kib.get("RssShmem", 0)
    return {
        "rss": kib.get("VmRSS", 0) // 1024,
        "anon": kib.get("RssAnon", 0) // 1024,
        "shared": shared // 1024,
        "peak_rss": kib.get("VmHWM", 0) // 1024,
    }


def network(point, deep_supervision):
    import torch
    from dynamic_network_architectures.architectures import unet

    convolution = torch.nn.Conv3d if point["dims"] == 3 else torch.nn.Conv2d
    norm = torch.nn.InstanceNorm3d if point["dims"] == 3 else torch.nn.InstanceNorm2d
    stages, dims = len(point["features"]), point["dims"]
    counts = {"n_conv_per_stage": [2] * stages, "n_conv_per_stage_decoder": [2] * (stages - 1)}
    if point["class"] == "ResidualEncoderUNet":
        counts = {"n_blocks_per_stage": [1, 3, 4, 6, 6, 6][:stages], "n_conv_per_stage_decoder": [1] * (stages - 1)}
    return getattr(unet, point["class"])(
        input_channels=point["channels"],
        n_stages=stages,
        features_per_stage=point["features"],
        conv_op=convolution,
        kernel_sizes=[[3] * dims] * stages,
        strides=[[1] * dims] + [[2] * dims] * (stages - 1),
        num_classes=point["heads"],
        conv_bias=True,
        norm_op=norm,
        norm_op_kwargs={"eps": 1e-5, "affine": True},
        nonlin=torch.nn.LeakyReLU,
        nonlin_kwargs={"inplace": True},
        deep_supervision=deep_supervision,
        **counts,
    )


def estimate(point):
    """The planner's estimate: voxels of all feature maps of one sample (ExperimentPlanner.static_estimate_VRAM_usage)."""
    return int(network(point, deep_supervision=False).compute_conv_feature_map_size(point["patch"]))


def dice_and_ce(output, target):
    """Allocations like DC_and_CE_loss (training/loss/compound_losses.py): softmax, one-hot target, cross entropy."""
    import torch

    probabilities = torch.softmax(output, 1)
    with torch.no_grad():
        onehot = torch.zeros(output.shape, device=output.device, dtype=torch.bool)
        onehot.scatter_(1, target.long(), 1)
    axes = tuple(range(2, output.ndim))
    both = (probabilities * onehot).sum(axes)
    dice = (2 * both / (onehot.sum(axes) + probabilities.sum(axes)).clip(1e-8)).mean()
    return torch.nn.functional.cross_entropy(output, target[:, 0].long()) - dice


def step(point):
    """Three training steps: autocast, deep supervision, gradient scaling, clipping, SGD with momentum."""
    import torch

    torch.backends.cudnn.benchmark = True
    device = torch.device("cuda")
    net = network(point, deep_supervision=True).to(device)
    if point.get("compile"):
        net = torch.compile(net)
    optimizer = torch.optim.SGD(net.parameters(), 1e-2, momentum=0.99, nesterov=True, weight_decay=3e-5)
    scaler = torch.amp.GradScaler("cuda")
    shape = (point["batch"], point["channels"], *point["patch"])
    begun = 0.0
    for turn in range(4):
        begun = time.monotonic() if turn == 2 else begun
        data = torch.randn(shape).pin_memory().to(device, non_blocking=True)
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", enabled=True):
            outputs = net(data)
            del data
            targets = [
                torch.randint(0, point["heads"], (o.shape[0], 1, *o.shape[2:]), device=device, dtype=torch.int16)
                for o in outputs
            ]
            weights = [1 / 2**i for i in range(len(outputs))]
            loss = sum(w * dice_and_ce(o, t) for w, o, t in zip(weights, outputs, targets, strict=True))
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(net.parameters(), 12)
        scaler.step(optimizer)
        scaler.update()
    torch.cuda.synchronize()
    return {"seconds": round((time.monotonic() - begun) / 2, 3)}


def slicers(point):
    """The sliding window's patches at step size 0.5 (compute_steps_for_sliding_window)."""
    import numpy as np

    size, patch = point["size"], point["patch"]
    if point["dims"] == 2:
        size = size[1:]
    steps = []
    for whole, tile in zip(size, patch, strict=True):
        count = int(np.ceil((whole - tile) / (tile * 0.5))) + 1
        width = (whole - tile) / (count - 1) if count > 1 else 0
        steps.append([int(np.round(width * i)) for i in range(count)])
    for start in itertools.product(*steps):
        box = [slice(s, s + t) for s, t in zip(start, patch, strict=True)]
        for depth in range(point["size"][0]) if point["dims"] == 2 else [None]:
            yield (slice(None), *([] if depth is None else [depth]), *box)


def infer(point):
    """The sliding window with half logits on the GPU, or on the host when `host` is set; at most 24 patches."""
    import torch

    torch.backends.cudnn.benchmark = True
    device = torch.device("cuda")
    home = torch.device("cpu") if point.get("host") else device
    net = network(point, deep_supervision=False).to(device).eval()
    image = torch.randn((point["channels"], *point["size"]))
    _ = image.pin_memory()
    begun = time.monotonic()
    with torch.inference_mode(), torch.autocast("cuda", enabled=True):
        data = image.to(home)
        logits = torch.zeros((point["heads"], *point["size"]), dtype=torch.half, device=home)
        counts = torch.zeros(point["size"], dtype=torch.half, device=home)
        gaussian = torch.ones(point["patch"], dtype=torch.half, device=home)
        windows = list(itertools.islice(slicers(point), 24))
        for window in windows:
            work = torch.clone(data[window][None], memory_format=torch.contiguous_format).to(device)
            prediction = net(work)
            for axes in ((2,), (3,), (2, 3)):
                prediction += torch.flip(net(torch.flip(work, axes)), axes)
            prediction = (prediction / 4)[0].to(home)
            prediction *= gaussian
            logits[window] += prediction
            counts[window[1:]] += gaussian
        torch.cuda.synchronize()
        passes = (time.monotonic() - begun) / (4 * len(windows))
        torch.div(logits, counts + 1, out=logits)
        bool(torch.any(torch.isinf(logits)))
        result = logits.to("cpu")
    return {"seconds": round(passes, 4), "result_mib": result.numel() * 2 // MIB}


def one(point):
    """Measure a point in this process."""
    if point["kind"] == "import":
        import torch

        return {**status(), "torch": torch.__version__}
    import torch

    free, total = torch.cuda.mem_get_info()
    torch.zeros(1, device="cuda")
    start = {"context_rss": status()["rss"], "context_device": (total - free) // MIB}
    extra = {"train": step, "predict": infer}.get(point["kind"], lambda _: {})(point)
    torch.cuda.synchronize()
    row = {
        "allocated": torch.cuda.max_memory_allocated() // MIB,
        "reserved": torch.cuda.max_memory_reserved() // MIB,
        "device": (total - torch.cuda.mem_get_info()[0]) // MIB,
        "gpu": torch.cuda.get_device_name(),
        "estimate": estimate(point) if "patch" in point else None,
        "parameters": sum(p.numel() for p in network(point, False).parameters()) if "patch" in point else None,
        "torch": torch.__version__,
    }
    return {**status(), **start, **row, **extra}


def in_child(point, environment):
    command = [sys.executable, __file__, "--point", json.dumps(point)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=150, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return {"error": "timeout"}
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return (
        json.loads(lines[-1]) if done.returncode == 0 and lines else {"error": done.stderr.strip()[-300:] or "failed"}
    )


COLUMNS = [
    "kind",
    "class",
    "dims",
    "patch",
    "features",
    "batch",
    "channels",
    "heads",
    "size",
    "host",
    "compile",
    "gpu",
    "torch",
    "estimate",
    "parameters",
    "allocated",
    "reserved",
    "device",
    "rss",
    "anon",
    "shared",
    "peak_rss",
    "context_rss",
    "context_device",
    "result_mib",
    "seconds",
    "error",
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--point")
    given = parser.parse_args()
    if given.point:
        print(json.dumps(one(json.loads(given.point))))
        return
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with given.out.open("w", newline="") as sink:
        writer = csv.DictWriter(sink, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for point in points(given.quick):
            row = {**point, **in_child(point, dict(os.environ))}
            writer.writerow(
                {name: json.dumps(value) if isinstance(value, list) else value for name, value in row.items()}
            )
            sink.flush()
            print(
                {name: row.get(name) for name in ("kind", "patch", "heads", "device", "rss", "seconds", "error")},
                flush=True,
            )


if __name__ == "__main__":
    main()
