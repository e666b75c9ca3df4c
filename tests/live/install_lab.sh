#!/usr/bin/env bash
# Builds the environment in which the fault lab runs the real nnU-Net.
#
#   tests/live/install_lab.sh DIR [NNUNETV2_VERSION] [BASE_DIR]
#
# DIR       the virtual environment to make (reused when it already holds that version)
# VERSION   2.8.1 when not given
# BASE_DIR  an environment made by this script before: the new one borrows its torch and its
#           dependencies through a .pth file, so an older nnunetv2 costs 60 MB instead of 2 GB
#
# torch is pinned: without a constraint pip follows nnunetv2 -> dynamic-network-architectures -> timm ->
# torchvision to a newer torch and fetches 6 GB of CUDA. LAB_TORCH changes the pin, PYTHON the interpreter.
set -euo pipefail

dir=${1:?usage: install_lab.sh DIR [NNUNETV2_VERSION] [BASE_DIR]}
version=${2:-2.8.1}
base=${3:-}
torch=${LAB_TORCH:-2.13.0}
python=${PYTHON:-python3}
say() { echo "install_lab: $*"; }

installed() {
    "$dir/bin/python" -c "import importlib.metadata as m; print(m.version('nnunetv2'))" 2>/dev/null || true
}

constraints=$(mktemp)
trap 'rm -f "$constraints"' EXIT
echo "torch==$torch" >"$constraints"

if [ "$(installed)" = "$version" ]; then
    say "$dir already holds nnunetv2 $version"
elif [ -n "$base" ]; then
    say "making $dir with nnunetv2 $version on top of $base"
    "$base/bin/python" -m venv --without-pip "$dir"
    site=$("$base/bin/python" -c "import sysconfig; print(sysconfig.get_path('purelib'))")
    echo "$site" >"$("$dir/bin/python" -c "import sysconfig; print(sysconfig.get_path('purelib'))")/base.pth"
    "$dir/bin/python" -m pip install --quiet --constraint "$constraints" "nnunetv2==$version"
else
    say "making $dir with torch $torch and nnunetv2 $version"
    "$python" -m venv "$dir"
    "$dir/bin/python" -m pip install --quiet "torch==$torch"
    "$dir/bin/python" -m pip install --quiet --constraint "$constraints" "nnunetv2==$version"
fi

# A torchvision built for CUDA does not load beside a CPU torch ("operator torchvision::nms does not exist"), and
# then no trainer but the default one can be found. Declaring the operators is all that is needed to import it.
if "$dir/bin/python" -c "import torchvision" 2>/dev/null; then
    say "torchvision loads"
else
    init=$("$dir/bin/python" -c "import importlib.util as u; print(u.find_spec('torchvision').origin)")
    say "declaring the operators that torchvision misses in $init"
    "$dir/bin/python" - "$init" <<'PATCH'
import sys
from pathlib import Path

path = Path(sys.argv[1])
stub = '''import torch as _torch
_lab_library = _torch.library.Library("torchvision", "DEF")
_lab_library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
_lab_library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
'''
text = path.read_text()
if stub not in text:
    path.write_text(stub + text)
PATCH
    "$dir/bin/python" -c "import torchvision"
fi
say "ready: $("$dir/bin/python" -c "import torch; print('torch', torch.__version__)"), nnunetv2 $(installed)"
