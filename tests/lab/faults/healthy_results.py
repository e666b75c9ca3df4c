"""Nothing is wrong: what is done with trained models, and the commands that move data, plans and models.

Those that print nothing when all is well (ensembles, evaluation, installation) leave no text and become no fixture.
"""

from __future__ import annotations

import shutil

from tests.lab.faults.commands import TRAIN
from tests.lab.faults.healthy import after, in_scene, since, sound, steps
from tests.lab.faults.results import EVALUATE, FIND, hard_predictions, second_configuration
from tests.lab.faults.sharing import EXPORT, second_dataset
from tests.lab.model import TRAINER, Scene

ANYTHING = r"\S"
DETERMINE = "nnUNetv2_determine_postprocessing -i {root}/a -ref {raw}/labelsTr -np 1"


def all_validated(scene: Scene) -> None:
    """A fold whose validation holds every case, as five folds do together."""
    cases = sorted({path.name.partition("_0000")[0] for path in (scene.raw / "imagesTr").glob("*_0000.nii.gz")})
    scene.edit(scene.preprocessed / "splits_final.json", lambda splits: splits[0].update(train=cases, val=cases))
    after(f"{TRAIN} --val --npz")(scene)


def two_predictions(scene: Scene) -> None:
    """Two folders of predictions with probabilities."""
    source = scene.fold / "validation"
    for name in ("a", "b"):
        shutil.copytree(source, scene.root / name)
        for extra in ("dataset.json", "plans.json"):
            shutil.copy(scene.model / extra, scene.root / name)


def planned_dataset(scene: Scene) -> None:
    """Another dataset that takes over the plans; its preprocessed folder has to be there."""
    second_dataset(scene)
    (scene.preprocessed.parent / "Dataset102_Stroke").mkdir()


def exported_model(scene: Scene) -> None:
    """A model's zip file, and a computer that does not have the model yet."""
    shutil.make_archive(str(scene.root / "model"), "zip", scene.root / "nnUNet_results")
    shutil.rmtree(scene.results)


def decathlon_task(scene: Scene) -> None:
    """The training cases as a task of the Medical Segmentation Decathlon: channels are a fourth dimension."""
    import SimpleITK

    task = scene.root / "Task07_Lesion"
    shutil.copytree(scene.raw / "labelsTr", task / "labelsTr")
    for folder in ("imagesTr", "imagesTs"):
        (task / folder).mkdir()
        for label in (scene.raw / "labelsTr").iterdir():
            image = scene.raw / "imagesTr" / label.name.replace(".nii", "_0000.nii")
            channel = SimpleITK.ReadImage(str(image))
            series = SimpleITK.JoinSeries([channel, channel])  # type: ignore[no-untyped-call]
            SimpleITK.WriteImage(series, str(task / folder / label.name))
    shutil.copy(scene.raw / "dataset.json", task)
    labels = {"0": "background", "1": "edema", "2": "tumor"}
    content = {"labels": labels, "modality": {"0": "T1", "1": "FLAIR"}, "training": [], "test": []}
    scene.edit(task / "dataset.json", lambda old: old.update(content))


FAULTS = (
    sound("find-best", f"{FIND} -f 0 -np 1", "Run inference like this", all_validated),
    sound(
        "find-best-ensemble",
        f"{FIND.replace('-c', '-c 2d')} -f 0 -np 1",
        "Run inference like this",
        steps(all_validated, second_configuration),
    ),
    sound(
        "accumulate",
        f"nnUNetv2_accumulate_crossval_results 101 -c 3d_fullres -tr {TRAINER} -f 0",
        ANYTHING,
    ),
    sound("determine-postprocessing", DETERMINE, ANYTHING, hard_predictions),
    sound(
        "apply-postprocessing",
        "nnUNetv2_apply_postprocessing -i {root}/a -o {output} -pp_pkl_file {root}/a/postprocessing.pkl -np 1",
        ANYTHING,
        steps(hard_predictions, after(in_scene(DETERMINE))),
    ),
    sound(
        "ensemble",
        "nnUNetv2_ensemble -i {root}/a {root}/b -o {output} -np 1",
        ANYTHING,
        steps(after(f"{TRAIN} --val --npz"), two_predictions),
    ),
    sound("evaluate-folder", f"{EVALUATE} -np 1", ANYTHING, hard_predictions),
    sound(
        "evaluate-simple", "nnUNetv2_evaluate_simple {raw}/labelsTr {root}/a -l 1 2 -np 1", ANYTHING, hard_predictions
    ),
    sound("export-zip", f"{EXPORT} -f 0", ANYTHING, when=since(2, 2)),
    sound("install-zip", "nnUNetv2_install_pretrained_model_from_zip {root}/model.zip", ANYTHING, exported_model),
    sound("convert-msd", "nnUNetv2_convert_MSD_dataset -i {root}/Task07_Lesion -np 1", ANYTHING, decathlon_task),
    sound(
        "move-plans",
        "nnUNetv2_move_plans_between_datasets -s 101 -t 102 -sp nnUNetPlans",
        ANYTHING,
        planned_dataset,
    ),
    sound("plot-overlays", "nnUNetv2_plot_overlay_pngs -d 101 -o {output} -np 1", ANYTHING),
)
