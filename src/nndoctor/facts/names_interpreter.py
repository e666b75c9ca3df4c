"""Facts of the interpreter that runs nnU-Net and of its packages. Those that a text can state are in names_text."""

from __future__ import annotations

from nndoctor.facts.model import FactSpec

_PIP = "python -m pip show {}"
_LIST = "python -m pip list -v"
_WHICH = "head -n 1 $(which nnUNetv2_predict)"
_COMPILE = "echo $nnUNet_compile"
_COMPANIONS = {
    "batchgenerators": "batchgenerators",
    "batchgeneratorsv2": "batchgeneratorsv2",
    "acvl_utils": "acvl-utils",
    "dynamic_network_architectures": "dynamic-network-architectures",
    "blosc2": "blosc2",
    "simpleitk": "SimpleITK",
    "nibabel": "nibabel",
    "threadpoolctl": "threadpoolctl",
    "triton": "triton",
    "scikit_image": "scikit-image",
    "nnunet": "nnunet",
}

SPECS: tuple[FactSpec, ...] = (
    FactSpec("python.executable", "str", None, "path of the interpreter", how="which -a python"),
    FactSpec("python.prefix", "str", None, "folder of the environment that the interpreter belongs to"),
    FactSpec(
        "python.headers",
        "bool",
        None,
        "Python.h of the interpreter is there, which Triton compiles against",
        how="python -c \"import sysconfig; print(sysconfig.get_paths()['include'])\"",
    ),
    FactSpec(
        "python.duplicates",
        "list",
        None,
        "every copy of a package of nnU-Net's that is installed more than once",
        how=_LIST,
    ),
    FactSpec("nnunetv2.installed", "bool", None, "the interpreter finds nnunetv2", how=_PIP.format("nnunetv2")),
    FactSpec("nnunetv2.editable", "bool", None, "nnunetv2 runs from a source folder", how=_LIST),
    FactSpec("nnunetv2.location", "str", None, "folder of the nnunetv2 that is imported", how=_LIST),
    FactSpec("nnunetv2.origin", "str", None, "folder or repository and commit that nnunetv2 was installed from"),
    FactSpec("nnunetv2.script", "str", None, "the nnUNetv2_predict that the shell starts", how=_WHICH),
    FactSpec(
        "nnunetv2.script_matches",
        "bool",
        None,
        "the nnUNetv2_predict that the shell starts belongs to this interpreter",
        how=_WHICH,
    ),
    FactSpec("torch.installed", "bool", None, "the interpreter finds torch", how=_PIP.format("torch")),
    FactSpec("torch.build", "str", None, "what torch was built for: cuda, rocm, xpu or cpu", how=_PIP.format("torch")),
    FactSpec(
        "torch.cuda_build",
        "version",
        None,
        "CUDA version that torch was built with",
        how='python -c "import torch; print(torch.version.cuda)"',
    ),
    FactSpec("torch.has_triton", "bool", None, "the interpreter finds Triton", how=_PIP.format("triton")),
    FactSpec("torch.compile_training", "bool", None, "a training on a CUDA device uses torch.compile", how=_COMPILE),
    FactSpec("torch.compile_prediction", "bool", None, "a prediction uses torch.compile", how=_COMPILE),
    *(
        FactSpec(f"{name}.version", "version", None, f"installed version of {package}", how=_PIP.format(package))
        for name, package in _COMPANIONS.items()
    ),
)
