"""Datasets of other formats: 2D png, tif stacks, nrrd and mha, and what goes wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.lab.faults.commands import says
from tests.lab.model import Fault, Scene

CASES = 5
NATURAL = "nnUNetv2_plan_and_preprocess -d 7 -c 2d -npfp 2 -np 2"
VOLUMES = "nnUNetv2_plan_and_preprocess -d 7 -c 3d_fullres -npfp 2 -np 2"
CHECKED = "--verify_dataset_integrity"
Change = Callable[[Path], object]


def _folder(scene: Scene, ending: str, names: list[str], labels: dict[str, object]) -> Path:
    folder = scene.raw.parent / "Dataset007_Cells"
    for part in ("imagesTr", "labelsTr"):
        (folder / part).mkdir(parents=True)
    channels = {str(number): name for number, name in enumerate(names)}
    content = {"channel_names": channels, "labels": labels, "numTraining": CASES, "file_ending": ending}
    (folder / "dataset.json").write_text(json.dumps(content, indent=2))
    return folder


def pictures(change: Change, names: tuple[str, ...] = ("R", "G", "B"), ending: str = ".png") -> Callable[[Scene], None]:
    """A dataset of RGB pictures with masks of 0 and 1, then the mistake."""

    def inject(scene: Scene) -> None:
        from skimage import io

        folder = _folder(scene, ending, list(names), {"background": 0, "cell": 1})
        rng = np.random.default_rng(3)
        for case in range(CASES):
            picture = rng.integers(0, 200, (72, 64, 3)).astype(np.uint8)
            mask = np.zeros((72, 64), np.uint8)
            mask[20:40, 16:44] = 1
            picture[mask > 0] += 40
            io.imsave(folder / "imagesTr" / f"well_{case:02d}_0000{ending}", picture, check_contrast=False)
            io.imsave(folder / "labelsTr" / f"well_{case:02d}{ending}", mask, check_contrast=False)
        change(folder)

    return inject


def volumes(ending: str, change: Change) -> Callable[[Scene], None]:
    """A dataset of one-channel volumes in a format that SimpleITK or tifffile writes."""

    def inject(scene: Scene) -> None:
        from tests.lab.dataset import write_image

        folder = _folder(scene, ending, ["CT"], {"background": 0, "organ": 1, "vessel": 2, "lesion": 3})
        rng = np.random.default_rng(4)
        for case in range(CASES):
            seg = np.zeros((24, 40, 44), np.uint8)
            for value in (1, 2, 3):
                seg[3 * value : 3 * value + 8, 6:30, 4 + 8 * value : 12 + 8 * value] = value
            image = (rng.normal(-100, 30, seg.shape) + 80 * seg).astype(np.float32)
            for part, array, suffix in (("imagesTr", image, "_0000"), ("labelsTr", seg, "")):
                path = folder / part / f"scan{case}{suffix}{ending}"
                if ending.startswith(".tif"):
                    import tifffile

                    tifffile.imwrite(path, array)
                else:
                    write_image(path, array, (0.8, 0.8, 2.0))
        change(folder)

    return inject


def _picture(folder: Path, part: str, make: Callable[[np.ndarray], np.ndarray]) -> None:
    from skimage import io

    for path in sorted((folder / part).iterdir()):
        io.imsave(path, make(io.imread(path)), check_contrast=False)


def _one(folder: Path, part: str, make: Callable[[np.ndarray], np.ndarray]) -> None:
    from skimage import io

    path = sorted((folder / part).iterdir())[2]
    io.imsave(path, make(io.imread(path)), check_contrast=False)


def _spoilt_voxels(folder: Path, value: float) -> None:
    from tests.lab.dataset import read, rewrite

    path = sorted((folder / "imagesTr").iterdir())[1]
    array = read(path)
    array[5:8, 5:9, 5:9] = value
    rewrite(path, array)


def _halve(folder: Path, part: str) -> None:
    import os

    path = sorted((folder / part).iterdir())[3]
    os.truncate(path, path.stat().st_size // 2)


def _rename(folder: Path, ending: str, declare: str) -> None:
    for path in [*(folder / "imagesTr").iterdir(), *(folder / "labelsTr").iterdir()]:
        path.rename(path.with_suffix(ending))
    file = folder / "dataset.json"
    content = json.loads(file.read_text())
    content["file_ending"] = declare
    file.write_text(json.dumps(content))


def _detached(folder: Path) -> None:
    """A header without its voxels: only the .nrrd was copied, the .raw stayed behind."""
    path = sorted((folder / "imagesTr").iterdir())[0]
    head = ["NRRD0004", "type: float", "dimension: 3", "space: left-posterior-superior", "sizes: 44 40 24"]
    head += ["space directions: (0.8,0,0) (0,0.8,0) (0,0,2)", "kinds: domain domain domain", "endian: little"]
    head += ["encoding: raw", "space origin: (0,0,0)", "data file: scan0_0000.raw", ""]
    path.write_text("\n".join(head))


def _flat_tif(folder: Path) -> None:
    import tifffile

    path = sorted((folder / "imagesTr").iterdir())[2]
    tifffile.imwrite(path, tifffile.imread(path)[4])


def _spacing_files(folder: Path, content: object) -> None:
    for path in (folder / "labelsTr").glob("*.tif"):
        for part in ("imagesTr", "labelsTr"):
            (folder / part / f"{path.stem}.json").write_text(json.dumps(content))


def _vector_image(folder: Path) -> None:
    import SimpleITK

    for path in (folder / "imagesTr").iterdir():
        image = SimpleITK.ReadImage(str(path))
        SimpleITK.WriteImage(SimpleITK.Compose([image, image, image]), str(path))


def zero_spacing(scene: Scene) -> None:
    import nibabel

    scene.forget_plans()
    for path in (scene.raw / "imagesTr").glob("lesion_002_*"):
        old = nibabel.load(path)
        header = old.header.copy()
        new = nibabel.Nifti1Image(np.asanyarray(old.dataobj), None, header)
        new.header["pixdim"][1:4] = (1.0, 1.0, 0.0)
        new.header["qform_code"] = new.header["sform_code"] = 0
        nibabel.save(new, path)


def stretched(scene: Scene) -> None:
    """The voxels of one case are 0.001 mm small: metres were taken for millimetres."""
    from tests.lab.dataset import rewrite

    scene.forget_plans()
    for path in [*(scene.raw / "imagesTr").glob("lesion_002_*"), scene.raw / "labelsTr" / "lesion_002.nii.gz"]:
        rewrite(path, Spacing=(0.001, 0.001, 0.0015))


def four_d_training(scene: Scene) -> None:
    from tests.lab.faults.images import four_dimensional

    scene.forget_plans()
    four_dimensional(*(scene.raw / "imagesTr").glob("lesion_002_*"))


def moved_origin(scene: Scene) -> None:
    from tests.lab.dataset import rewrite

    scene.forget_plans()
    for path in (scene.raw / "labelsTr").iterdir():
        rewrite(path, Origin=(12.0, -7.0, 3.0))


def masks(values: Callable[[np.ndarray], np.ndarray]) -> Callable[[Scene], None]:
    """Another coding of the segmentations."""

    def inject(scene: Scene) -> None:
        from tests.lab.dataset import read, rewrite

        scene.forget_plans()
        for path in sorted((scene.raw / "labelsTr").iterdir())[:2]:
            rewrite(path, values(read(path)))

    return inject


VALUES = "label-values-unexpected"
CHANNELS = "channel-count-mismatch"
UNREADABLE = "image-unreadable"
NAN = r"contain NaN pixel values"


FAULTS = (
    Fault(
        "png-masks-255",
        VALUES,
        "masks of 0 and 255 in png files",
        f"{NATURAL} {CHECKED}",
        says("Unexpected labels found in file"),
        pictures(lambda folder: _picture(folder, "labelsTr", lambda mask: mask * 255)),
    ),
    Fault(
        "png-alpha-channel",
        CHANNELS,
        "pictures with an alpha channel, dataset.json names three channels",
        f"{NATURAL} {CHECKED}",
        says("Unexpected number of modalities"),
        pictures(
            lambda folder: _picture(folder, "imagesTr", lambda a: np.dstack([a, np.full(a.shape[:2], 255, "u1")]))
        ),
    ),
    Fault(
        "png-one-gray-picture",
        CHANNELS,
        "one of five pictures is gray, dataset.json names three channels",
        f"{NATURAL} {CHECKED}",
        says("Unexpected number of modalities"),
        pictures(lambda folder: _one(folder, "imagesTr", lambda a: a[..., 0])),
    ),
    Fault(
        "png-rgb-one-channel-named",
        CHANNELS,
        "RGB pictures, dataset.json names one channel; not verified",
        NATURAL,
        says(r"normalization_schemes\[c\]|IndexError|KeyError"),
        pictures(lambda folder: None, names=("gray",)),
    ),
    Fault(
        "png-mask-other-size",
        "shape-mismatch",
        "a mask is smaller than its picture",
        f"{NATURAL} {CHECKED}",
        says("Shape mismatch between segmentation"),
        pictures(lambda folder: _one(folder, "labelsTr", lambda mask: mask[::2, ::2])),
    ),
    Fault(
        "png-mask-other-size-not-verified",
        "shape-mismatch",
        "a mask is smaller than its picture; not verified",
        NATURAL,
        says(r"boolean index did not match|could not be broadcast|Shape mismatch|AssertionError"),
        pictures(lambda folder: _one(folder, "labelsTr", lambda mask: mask[::2, ::2])),
    ),
    Fault(
        "png-truncated",
        UNREADABLE,
        "a png is cut at half its length",
        f"{NATURAL} {CHECKED}",
        says(r"truncated|OSError|SyntaxError|broken"),
        pictures(lambda folder: _halve(folder, "imagesTr")),
    ),
    Fault(
        "png-is-a-web-page",
        UNREADABLE,
        "a mask is a web page under a picture's name",
        NATURAL,
        says(
            r"Unable to determine ImageIO reader|UnidentifiedImageError|cannot identify image|Could not find a (format|backend)|ImageReadError"
        ),
        pictures(lambda folder: sorted((folder / "labelsTr").iterdir())[0].write_text("<html>Not Found</html>")),
    ),
    Fault(
        "jpg-dataset",
        "unsupported-image-format",
        "a dataset of .jpg files",
        f"{NATURAL} {CHECKED}",
        says("Unable to determine a reader"),
        pictures(lambda folder: None, ending=".jpg"),
    ),
    Fault(
        "png-declared-upper-case",
        "file-ending-mismatch",
        "the files end with .PNG, dataset.json says .png",
        f"{NATURAL} {CHECKED}",
        says(r"\(5\)\. Found 0 instead", "missing-label-or-image", "no-input-cases"),
        pictures(lambda folder: _rename(folder, ".PNG", ".png")),
    ),
    Fault(
        "png-train-3d",
        "configuration-not-in-plans",
        "3d_fullres of a 2D dataset",
        "bash -c 'nnUNetv2_plan_and_preprocess -d 7 -npfp 2 -np 2 -c 2d && nnUNetv2_train 7 3d_fullres 0 -device cpu'",
        says(r"3d_fullres.*(not|KeyError)|KeyError: '3d_fullres'"),
        pictures(lambda folder: None),
        limit=150,
    ),
    Fault(
        "tif-one-flat",
        "unsupported-image-format",
        "one of the tif stacks has a single slice",
        f"{VOLUMES} {CHECKED}",
        says(r"Only 3D images are supported", "shape-mismatch"),
        volumes(".tif", _flat_tif),
    ),
    Fault(
        "tif-spacing-file-key",
        "spacing-invalid",
        "the json files beside the tif stacks lack 'spacing'",
        f"{VOLUMES} {CHECKED}",
        says(r"KeyError: 'spacing'", "dataset-json-invalid"),
        volumes(".tif", lambda folder: _spacing_files(folder, {"voxel_size": [2, 0.8, 0.8]})),
    ),
    Fault(
        "tif-spacing-file-two-entries",
        "spacing-invalid",
        "the json files beside the tif stacks give two spacings",
        f"{VOLUMES} {CHECKED}",
        says(r"spacing must have 3 entries|AssertionError|IndexError|zip"),
        volumes(".tif", lambda folder: _spacing_files(folder, {"spacing": [0.8, 0.8]})),
    ),
    Fault(
        "tif-spacing-zero",
        "spacing-invalid",
        "the json files beside the tif stacks say 0",
        f"{VOLUMES} {CHECKED}",
        says(r"Spacing must be > 0|divide by zero|ZeroDivision|Error: .+"),
        volumes(".tif", lambda folder: _spacing_files(folder, {"spacing": [0, 0.8, 0.8]})),
    ),
    Fault(
        "tif-truncated",
        UNREADABLE,
        "a tif stack is cut at half its length",
        VOLUMES,
        says(r"TiffFileError|not a TIFF|failed to read|requires|cannot|Error: .+"),
        volumes(".tif", lambda folder: _halve(folder, "imagesTr")),
    ),
    Fault(
        "mha-nan",
        "nan-in-data",
        "an image of an .mha dataset has NaN voxels",
        f"{VOLUMES} {CHECKED}",
        says(NAN),
        volumes(".mha", lambda folder: _spoilt_voxels(folder, np.nan)),
    ),
    Fault(
        "nrrd-nan",
        "nan-in-data",
        "an image of an .nrrd dataset has NaN voxels",
        f"{VOLUMES} {CHECKED}",
        says(NAN),
        volumes(".nrrd", lambda folder: _spoilt_voxels(folder, np.nan)),
    ),
    Fault(
        "nrrd-without-its-data",
        UNREADABLE,
        "a detached .nrrd header whose .raw file was not copied",
        f"{VOLUMES} {CHECKED}",
        says(r"scan0_0000\.raw|ITK ERROR|Could not|NRRD"),
        volumes(".nrrd", _detached),
    ),
    Fault(
        "mha-truncated",
        UNREADABLE,
        "an .mha image is cut at half its length",
        f"{VOLUMES} {CHECKED}",
        says(r"ITK ERROR|File cannot be read|Exception thrown|Data not read"),
        volumes(".mha", lambda folder: _halve(folder, "imagesTr")),
    ),
    Fault(
        "nrrd-vector-images",
        "unsupported-image-format",
        "each voxel of the .nrrd images is a vector of three",
        f"{VOLUMES} {CHECKED}",
        says(r"Error: .+", "shape-mismatch", CHANNELS),
        volumes(".nrrd", _vector_image),
    ),
    Fault(
        "verify-zero-spacing",
        "spacing-invalid",
        "the header of two images says that a voxel is 0 mm thick",
        f"nnUNetv2_plan_and_preprocess -d 101 -c 3d_fullres -npfp 2 -np 2 {CHECKED}",
        says(r"Zero-valued spacing|[Ss]pacing mismatch|spacing", "geometry-mismatch"),
        zero_spacing,
    ),
    Fault(
        "verify-four-dimensional",
        "unsupported-image-format",
        "the images of one training case are 4D",
        f"nnUNetv2_plan_and_preprocess -d 101 -c 3d_fullres -npfp 2 -np 2 {CHECKED}",
        says(r"Unexpected number of modalities|AssertionError|Error: .+", CHANNELS, "shape-mismatch"),
        four_d_training,
    ),
    Fault(
        "verify-moved-origin",
        "geometry-mismatch",
        "the segmentations have another origin than their images; nnU-Net only warns",
        f"nnUNetv2_plan_and_preprocess -d 101 -c 3d_fullres -npfp 2 -np 2 {CHECKED}",
        says("Warning: Origin mismatch", "harmless-warning"),
        moved_origin,
    ),
    Fault(
        "verify-fractional-labels",
        VALUES,
        "two segmentations were interpolated: 0.5 and 1.5",
        f"nnUNetv2_plan_and_preprocess -d 101 -c 3d_fullres -npfp 2 -np 2 {CHECKED}",
        says("Unexpected labels found in file"),
        masks(lambda seg: seg.astype(np.float32) * 0.75),
    ),
    Fault(
        "verify-negative-labels",
        VALUES,
        "two segmentations hold -1",
        f"nnUNetv2_plan_and_preprocess -d 101 -c 3d_fullres -npfp 2 -np 2 {CHECKED}",
        says("Unexpected labels found in file"),
        masks(lambda seg: np.where(seg == 0, -1, seg).astype(np.int16)),
    ),
)
