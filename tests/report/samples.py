"""Diagnoses to render: one of each status, and one made of hostile text."""

from __future__ import annotations

from nndoctor.diagnosis.model import Diagnosis, Evidence, Excerpt, Finding, Fix, InputRecord, NotSeen
from nndoctor.facts import Fact, Missing, Provenance

LOG = "predict.log"
SITE = "/home/hmueller/miniconda3/envs/nnunet/lib/python3.10/site-packages/nnunetv2"
TRACEBACK = (
    (31, "There are 14 cases in the source folder"),
    (32, "I am process 0 out of 1 (max process ID is 0, we start counting with 0!)"),
    (33, "Process SpawnProcess-4:"),
    (34, "Traceback (most recent call last):"),
    (35, f'  File "{SITE}/inference/data_iterators.py", line 57, in preprocess_fromfiles_save_to_queue'),
    (36, "    raise e"),
    (39, f'  File "{SITE}/preprocessing/preprocessors/default_preprocessor.py", line 183, in _normalize'),
    (40, "    scheme = configuration_manager.normalization_schemes[c]"),
    (41, "IndexError: list index out of range"),
    (57, f'  File "{SITE}/inference/data_iterators.py", line 109, in preprocessing_iterator_fromfiles'),
    (58, "RuntimeError: Background workers died. Look for the error message further up! If there is none then your"),
    (59, "RAM was full and the worker was killed by the OS. Use fewer workers or get more RAM in that case!"),
)
COMMAND = (
    "nnUNetv2_predict -i /data/trial/Mueller_Hans_19520314/imagesTs -o /data/out -d 4 -c 3d_fullres -f 0 "
    "-chk checkpoint_best.pth -npp 1 -nps 1"
)


def channel_mismatch() -> Diagnosis:
    return Diagnosis(
        status="diagnosed",
        findings=[_channels(), _memory(), _unreadable()],
        signature="IndexError/default_preprocessor._normalize/normalization_schemes",
        facts=_facts(),
        missing=[Missing("memory.available", "the crash happened on another computer")],
        inputs=[InputRecord(LOG, 6213, 59, "utf-8", ["progress bars were folded: 3 lines"])],
        environment="not used: none of the paths in the text exists here, so the crash happened elsewhere",
        notes=["The text names two nnunetv2 installations; the one in the traceback was used."],
        excerpts=[Excerpt(LOG, line, text) for line, text in TRACEBACK],
    )


def _channels() -> Finding:
    return Finding(
        rank=1,
        cause="channel-count-mismatch",
        title="The images have 3 channels, the model was trained with 1",
        confidence=0.972,
        severity="error",
        explanation="nnU-Net normalises each channel with the scheme that its plans hold for it. The image that was "
        "being read has more channels than the plans have schemes, so the list of schemes ran out. The sentence about "
        "RAM at the end is what the main process says whenever a worker dies; it is not the reason here.",
        evidence=[
            Evidence("exception", LOG, TRACEBACK[8][1], 20.0, 41, "raised in DefaultPreprocessor._normalize"),
            Evidence("code", LOG, TRACEBACK[7][1].strip(), 10.0, 40, "the plans have fewer schemes than channels"),
            Evidence("fact", "dataset.json", "input.channels = 3, model.channels = 1", 12.5),
        ],
        against=[
            Evidence("message", LOG, TRACEBACK[10][1], -3.0, 58, "also printed when the memory was full"),
        ],
        not_seen=[
            NotSeen(
                "input.channels",
                "channels of the case that differs",
                "the images are not on this computer",
                "nndoctor check predict -i imagesTs -m nnUNet_results/Dataset004_Hippocampus",
            )
        ],
        chain=["channel-count-mismatch", "background-worker-died"],
        fixes=_fixes(),
    )


def _fixes() -> list[Fix]:
    return [
        Fix(
            "check",
            "cause",
            "Count the channels of every case and compare them with the model's dataset.json. Nothing is changed.",
            command="nndoctor diagnose LOG -i INPUT -m MODEL_FOLDER",
            effect="names the cases whose channels differ",
            cost="seconds; reads headers only",
        ),
        Fix(
            "copy-of-data",
            "cause",
            "Copy the one channel that the model knows into a new folder, one file per case, and predict from there.",
            command="mkdir -p imagesTs_one_channel\ncp imagesTs/*_0000.nii.gz imagesTs_one_channel/",
            effect="the model gets the input it was trained on",
            cost="disk space for one channel of every case",
            undo="rm -r imagesTs_one_channel",
            source="https://github.com/MIC-DKFZ/nnUNet/blob/master/documentation/dataset_format.md",
            condition="the first channel is the one that the model was trained with",
        ),
        Fix(
            "destructive",
            "works-around",
            "Train again with all three channels.",
            effect="the model then expects three channels",
            cost="days of GPU time; the old model folder is overwritten",
        ),
    ]


def _memory() -> Finding:
    return Finding(
        rank=2,
        cause="host-out-of-memory",
        title="The main memory was full and the kernel ended a worker",
        confidence=0.02,
        severity="error",
        explanation="A worker that the kernel kills leaves no traceback; here there is one.",
        evidence=[Evidence("message", LOG, TRACEBACK[10][1], 3.0, 58)],
        against=[Evidence("exception", LOG, TRACEBACK[8][1], -20.0, 41, "the worker said itself why it ended")],
        not_seen=[NotSeen("memory.oom_kills", "kills by the kernel", "another computer", "dmesg | grep -i oom")],
        chain=["host-out-of-memory", "background-worker-died"],
        fixes=[Fix("setting", "cause", "Use fewer workers.", "nnUNetv2_predict ... -npp 1 -nps 1", "less memory")],
    )


def _unreadable() -> Finding:
    title = "One image cannot be read"
    text = "A reader gave up on one of the files before its channels could be counted."
    return Finding(3, "image-unreadable", title, 0.004, "warning", text, [], [], [], ["image-unreadable"], [])


def _facts() -> list[Fact]:
    seen = Provenance("text", LOG, 3)
    return [
        Fact("log.command", "nnUNetv2_predict", seen),
        Fact("log.command_line", COMMAND, seen),
        Fact("log.input_folder", "/data/trial/Mueller_Hans_19520314/imagesTs", seen),
        Fact("nnunetv2.version", "2.3.1", Provenance("text", LOG, 12)),
        Fact("input.channels", 3, Provenance("user", "-i")),
        Fact("model.channels", 1, Provenance("nnunet", "dataset.json")),
        Fact("memory.granted", 34359738368, Provenance("machine", "/sys/fs/cgroup/memory.max")),
        Fact("log.paths", [SITE, "/data/trial/Mueller_Hans_19520314/imagesTs"], seen),
    ]


def undetermined() -> Diagnosis:
    asks = NotSeen("memory.oom_kills", "kills by the kernel", "not in the text", "dmesg -T | grep -i 'killed process'")
    shm = NotSeen("shm.free", "free room in /dev/shm", "not in the text", "df -h /dev/shm")
    first = Finding(
        1,
        "host-out-of-memory",
        "The main memory may have been full",
        0.46,
        "error",
        "A worker ended without a word. That is how it looks when the kernel ends it for lack of memory.",
        [
            Evidence(
                "message", "slurm-4711.out", "RuntimeError: One or more background workers are no longer alive", 3, 88
            )
        ],
        [],
        [asks],
        ["host-out-of-memory", "background-worker-died"],
        [],
    )
    text = "The shared memory may be too small"
    second = Finding(2, "shm-too-small", text, 0.22, "error", "", [], [], [shm], ["shm-too-small"], [])
    return Diagnosis(
        "undetermined",
        [first, second],
        None,
        [Fact("log.last_epoch", 12, Provenance("text", "slurm-4711.out", 80))],
        [],
        [InputRecord("slurm-4711.out", 9120, 88, "utf-8")],
        "not used: --env none",
        [],
        [
            Excerpt("slurm-4711.out", 87, "Traceback (most recent call last):"),
            Excerpt("slurm-4711.out", 88, first.evidence[0].text),
        ],
    )


def no_failure() -> Diagnosis:
    done = Fact("log.training_done", True, Provenance("text", "training_log.txt", 4021))
    read = InputRecord("training_log.txt", 310_400, 4021, "utf-8")
    note = "The training ended after 1000 epochs; the validation is complete."
    return Diagnosis(
        "no-failure", [], None, [done], [], [read], "this machine: its paths are those of the text", [note], []
    )


def not_nnunet() -> Diagnosis:
    read = InputRecord("shopping.txt", 31, 3, "cp1252")
    return Diagnosis("not-nnunet", [], None, [], [], [read], "not used: there is nothing to compare", [], [])


SAMPLES = {
    "channel_mismatch": channel_mismatch,
    "undetermined": undetermined,
    "no_failure": no_failure,
    "not_nnunet": not_nnunet,
}
