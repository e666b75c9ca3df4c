"""Redaction: planted names are in no report, what a diagnosis needs is still there, and twice is once."""

from __future__ import annotations

import re
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndoctor.diagnosis.model import CaseEntry, Checkup, Diagnosis, Evidence, Excerpt, InputRecord, Place
from nndoctor.facts import Fact, Provenance
from nndoctor.report import redact, redaction, render_html, render_json, render_markdown
from nndoctor.report.redaction import WITHHELD
from nndoctor.report.structure import texts

from .checkup_samples import faulty, name, png
from .hostile import ATTACKS, hostile, hostile_checkup
from .samples import SAMPLES, channel_mismatch, no_failure

UUID = "GPU-5f2b1c9e-77aa-4c31-9d2e-0123456789ab"
LEAKY = (
    ("/home/hmueller/exp7/run.py", "hmueller exp7"),
    (
        "C:\\Users\\Hans.Mueller\\nnUNet_raw\\Dataset012_CharitePankreas\\imagesTr\\pat_4711_0000.nii.gz",
        "Hans CharitePank pat_4711",
    ),
    ("'C:\\\\Users\\\\KlaraM\\\\x.nii.gz'", "KlaraM"),
    ("\\\\fs-radio7\\share1\\Mueller^Hans\\scan.nii.gz", "fs-radio7 Mueller Hans scan"),
    ("/Users/klara/Desktop/Koch Maria/imagesTs/Koch_0001.nii.gz", "klara Koch Maria"),
    ("FileNotFoundError: /data/Hans Wagner/imagesTr/w1_0000.nii.gz", "Hans Wagner w1"),
    ("No such file: '/mnt/pacs/O-Neill, Jane 1951/ct.dcm'", "Neill Jane pacs"),
    ("ls ~jfischer/data; case jfischer done", "jfischer"),
    ("(base) pschmidt@gpu-knoten3:~/nnUNet$ nnUNetv2_train 4 2d 0", "pschmidt gpu-knoten3"),
    ("slurmstepd-ant042: error: Detected 1 oom_kill event", "ant042"),
    ("slurmstepd: error: *** JOB 7 ON ant043 CANCELLED AT 2024-01-01T10:00:00 ***", "ant043"),
    ("srun: error: ant044: task 0: Killed, again ant044", "ant044"),
    ("mail to maria.koch@charite-klinik.de please", "maria.koch charite-klinik"),
    ("connect 10.23.4.17 or fe80::1ff:fe23:4567:890a and 00:1A:2b:3C:4d:5E", "10.23.4.17 fe80 1A:2b"),
    ("SeriesInstanceUID 1.2.840.113619.2.55.3.2831 seen", "113619.2.55"),
    (f"device {UUID} lost", "5f2b1c9e 0123456789ab"),
    ("WANDB_API_KEY=0123456789abcdef0123456789abcdef01234567", "0123456789abcdef"),
    ("api_key: 'sk2xyz99secretval' and ghp_abcdefghijklmnop0123", "sk2xyz99 abcdefghijklmnop"),
    ("git clone https://klaus:pw1234567@git.uk-essen.de/klaus/repo", "uk-essen pw1234567"),
    ("pydicom: (0010,0010) PN: 'Becker^Tomasz'", "Becker Tomasz"),
    ("predicting Lehmann_1948_01_0000.nii.gz; done Lehmann_1948_01", "Lehmann 1948"),
    ("checking case MMs_001, Missing: [np.str_('leber4711')]", "MMs_001 leber4711"),
    ("nnUNetv2_predict -i Vogel_Udo -o out_Vogel", "Vogel Udo"),
    ("wandb: Currently logged in as: radek (team)", "radek"),
    ("open file:///srv/klinik9/Roth_Ina/ct.mha failed", "klinik9 Roth Ina"),
)


def clean(d: Diagnosis) -> Diagnosis:
    return redact(d, users=("ygroot",), hosts=("lab-pc-77.klinik.example", "lab-pc-77"))


@pytest.mark.parametrize(("text", "canaries"), LEAKY, ids=range(len(LEAKY)))
def test_no_canary_is_in_any_report(text: str, canaries: str) -> None:
    d = clean(msgspec.structs.replace(channel_mismatch(), notes=[text], excerpts=[Excerpt("a.log", 1, text)]))
    for report in (render_json(d), render_html(d), render_markdown(d)):
        assert not [canary for canary in canaries.split() if canary.casefold() in report.casefold()]
    assert WITHHELD not in texts(d)


@pytest.mark.parametrize(
    "text",
    [
        '  File "/opt/conda/lib/python3.10/site-packages/nnunetv2/utilities/x.py", line 183, in _normalize',
        "IndexError: list index out of range: 3/4 [00:12<00:00, 1.2it/s] and/or",
        "/dev/shm is full; torch 2.3.1+cu121, nvidia-cublas-cu12==12.1.3.1, 127.0.0.1, c10::cuda",
        "../aten/src/ATen/native/cuda/IndexKernel.cu:92, /build/src/Code/IO/src/sitkReader.cxx:99:",
        "nnUNet_raw/Dataset004_redacted/imagesTr/anon-case-1_0000.nii.gz",
        "2024-05-02 10:11:12.123456: Epoch 0, Current learning rate: 0.01, train_loss -0.1234",
        "shape (1, 512, 512, 133) spacing [0.7, 0.7, 3.0], fold_0, nnUNetTrainer__nnUNetPlans__3d_fullres",
        "dmesg -T | grep -i 'killed process'",
        "https://github.com/MIC-DKFZ/nnUNet/blob/master/documentation/dataset_format.md",
        "root@localhost:/root# nnUNetv2_train 4 3d_fullres 0 -tr nnUNetTrainer -p nnUNetPlans",
        "C:\\nnUNet_raw\\imagesTr",
        "x = self.decoder(skips)[~mask] @ y // 2 ** 3",
        "identifiers = get_identifiers_from_splitted_dataset_folder(join(raw_dataset_folder, 'imagesTr'))",
        "HTTPConnectionPool(host='127.0.0.1', port=9): http://127.0.0.1:9/model.zip",
        "/lib64/libm.so.6: version `GLIBC_2.29' not found, /usr/bin/gcc, /opt/conda/bin/python",
        "C:\\envs\\nnunet\\Lib\\threading.py and C:/envs/nnunet/Lib/multiprocessing/queues.py",
        "/data/nnUNet/nnunet/experiment_planning/plan_and_preprocess_task.py",
        "/data/RESULTS_FOLDER/nnUNet/3d_fullres/Task001_redacted/nnUNetTrainerV2__nnUNetPlansv2.1/fold_0",
        "nnUNetv2_predict -i /data/imageTs -o OUTPUT",
    ],
)
def test_what_a_diagnosis_needs_is_kept(text: str) -> None:
    assert clean(msgspec.structs.replace(no_failure(), notes=[text])).notes == [text]


def test_channel_suffix_ending_and_number_stay() -> None:
    path = "/data/nnUNet_raw/Dataset012_Pankreas/imagesTr/pat_17_0000.nii.gz"
    d = clean(msgspec.structs.replace(no_failure(), notes=[path, "case pat_17 has 2 channels"]))
    assert d.notes == [
        "/data/nnUNet_raw/Dataset012_redacted/imagesTr/anon-case-1_0000.nii.gz",
        "case anon-case-1 has 2 channels",
    ]


def test_what_is_learnt_late_is_replaced_early() -> None:
    d = clean(msgspec.structs.replace(no_failure(), notes=["owner: zkowalski", "/home/zkowalski/x"]))
    assert d.notes[0] == "owner: anon-user-1" and d.notes[1].startswith("/home/anon-user-1/")


def test_this_machine_is_not_named() -> None:
    d = clean(msgspec.structs.replace(no_failure(), notes=["YGroot on lab-pc-77.klinik.example and LAB-PC-77"]))
    assert d.notes == ["anon-user-1 on anon-host-1 and anon-host-2"]


def test_sources_stay_linked_to_their_inputs() -> None:
    name = "/home/hmueller/Meier_ct.log"
    d = msgspec.structs.replace(
        no_failure(),
        inputs=[InputRecord(name, 1, 1, "utf-8")],
        excerpts=[Excerpt(name, 1, "x")],
        facts=[Fact("log.input_folder", "Meier Uwe", Provenance("text", name, 1))],
    )
    cleaned = clean(d)
    assert cleaned.inputs[0].name == cleaned.excerpts[0].source == cleaned.facts[0].source.where
    assert cleaned.inputs[0].name == "/home/anon-user-1/anon-file-1.log" and "Meier" not in str(cleaned)


def test_it_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With replacing out of order, a text that still holds a name is not shown at all."""
    monkeypatch.setattr(redaction, "_pseudonym", lambda match, names: match[0])
    d = clean(msgspec.structs.replace(no_failure(), notes=["ygroot was here", "nobody was here"]))
    assert d.notes == [WITHHELD, "nobody was here"]


@pytest.mark.parametrize("name", SAMPLES)
def test_twice_is_once_for_samples(name: str) -> None:
    once = clean(SAMPLES[name]())
    assert clean(once) == once


@pytest.mark.parametrize("attack", [None, *ATTACKS], ids=range(len(ATTACKS) + 1))
def test_twice_is_once_for_attacks(attack: str | None) -> None:
    for d in (hostile(attack), hostile_checkup(attack)):
        once = clean(d)
        assert clean(once) == once


BITS = st.sampled_from(
    [
        *"/\\~.:@-_='\"^ \n,(){}*",
        *("/home/", "C:\\Users\\", "hans", "Hans_1", "anon-user-1", "anon-case-2_0000.nii.gz", "Dataset004_Leber"),
        *(
            "imagesTr",
            ".nii.gz",
            "https://",
            "file://",
            "host",
            "ON a9 CANCELLED",
            "1.2.840.1",
            "-i ",
            "fold_0",
            "ygroot",
        ),
        *("site-packages/", "a@b.de", "10.0.0.1", "::", "(0010,0010)", "token=", "Müller", "redacted", "data/"),
    ]
)
TEXT = st.lists(st.one_of(BITS, st.text(max_size=4)), max_size=14).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=3))
def test_twice_is_once(lines: list[str]) -> None:
    d = msgspec.structs.replace(
        no_failure(),
        notes=lines,
        findings=[],
        facts=[Fact("log.input_folder", lines[0], Provenance("text", lines[-1]))],
    )
    once = clean(d)
    assert clean(once) == once


@pytest.mark.parametrize("unit", ["/a b ", "a@", "%", "'", '"/', "a/", "::", "1.", "\\", "A^", "ab-", "~/x ", "anon-"])
def test_time_grows_with_the_length_only(unit: str) -> None:
    d = msgspec.structs.replace(no_failure(), notes=[unit * (50_000 // len(unit))])
    start = time.process_time()
    clean(d)
    assert time.process_time() - start < 5


def checked() -> Diagnosis:
    return clean(msgspec.structs.replace(faulty(), thumbnails={name(0): png()}))


def test_a_check_names_no_case_and_shows_no_picture() -> None:
    for report in (*map(str, texts(checked())), render_html(checked()), render_markdown(checked())):
        assert not re.search("mueller|Hans_|charite", report, re.IGNORECASE)
    assert checked().thumbnails == {} and checked().notes[1].endswith("shows pictures in HTML")
    assert WITHHELD not in texts(checked()) and clean(checked()) == checked()


def test_a_case_is_the_same_in_table_files_sentences_and_forecast() -> None:
    checkup = checked().checkup
    assert checkup is not None
    for entry in checkup.table:
        assert re.fullmatch(r"anon-case-\d+", entry.case)
        assert entry.label is not None and entry.label.endswith(f"labelsTr/{entry.case}.nii.gz")
        assert entry.files[1].endswith(f"imagesTr/{entry.case}_0001.nii.gz")
    assert len({entry.case for entry in checkup.table}) == 22
    for place in checkup.places[:20]:
        assert place.case and place.text.startswith(f"imagesTr/{place.case}_0000.nii.gz: ends after 44")
    assert checkup.forecast[0].case == checkup.table[4].case == "anon-case-5"
    assert checked().findings[0].title == "Title of image-truncated"


@pytest.mark.parametrize("case", ["hans", "xq", "Mueller, Hans", "[Hans] x", "~~~", "._hans", "Ärztin_1", "anon"])
def test_cases_of_any_look_are_replaced(case: str) -> None:
    entry = CaseEntry(case, [f"/data/imagesTr/{case}_0000.nii.gz"], problems=["image-truncated"])
    text = f"imagesTr/{case}_0000.nii.gz: cut"
    place = Place("image-truncated", f"/data/imagesTr/{case}_0000.nii.gz", text, case)
    told = Place("channel-count", "/data/imagesTr", f"{case}: 1 channels", case)
    checkup = Checkup("dataset", "/data", 1, 1, 0, "headers", 0.1, [entry], [], [place, told])
    d = clean(msgspec.structs.replace(no_failure(), checkup=checkup))
    assert clean(d) == d and d.checkup is not None
    known = d.checkup.table[0].case
    assert known != case and [each.case for each in d.checkup.places] == [known, known]
    assert d.checkup.places[1].text == f"{known}: 1 channels"
    assert case not in str(d.checkup).replace("anon-", "")


@pytest.mark.parametrize(("case", "told"), [("12", "12"), ("0012", "anon-case-1")])
def test_a_number_is_the_same_in_its_path_and_in_the_sentence(case: str, told: str) -> None:
    path = f"/data/imagesTr/{case}_0000.nii.gz"
    place = Place("channel-count", path, f"{case}: 1 channels", case)
    checkup = Checkup("dataset", "/data", 1, 1, 0, "headers", 0.1, [CaseEntry(case, [path])], [], [place])
    cleaned = clean(msgspec.structs.replace(no_failure(), checkup=checkup)).checkup
    assert cleaned is not None and cleaned.table[0] == CaseEntry(told, [f"/data/imagesTr/{told}_0000.nii.gz"])
    assert cleaned.places[0].text == f"{told}: 1 channels"


def test_one_case_does_not_eat_another() -> None:
    entries = [CaseEntry(f"lesion_{number}", []) for number in (1, 10)]
    checkup = Checkup("dataset", "/data", 2, 0, 0, "headers", 0.1, entries, [])
    d = clean(msgspec.structs.replace(no_failure(), notes=["lesion_1, lesion_10, lesion_100"], checkup=checkup))
    assert d.notes[0] == "anon-case-1, anon-case-2, lesion_100"


def test_time_does_not_explode_with_the_cases() -> None:
    entries = [
        CaseEntry(f"Pat{number * 7919}_{number}", [f"/d/imagesTr/Pat{number * 7919}_{number}_0000.nii.gz"])
        for number in range(700)
    ]
    checkup = Checkup("dataset", "/d", 700, 700, 0, "headers", 0.1, entries, [])
    start = time.process_time()
    clean(msgspec.structs.replace(no_failure(), checkup=checkup))
    assert time.process_time() - start < 5


def test_evidence_keeps_its_numbers() -> None:
    sign = Evidence("message", "a.log", "/home/hmueller/x", 3.0, 7)
    finding = msgspec.structs.replace(channel_mismatch().findings[0], evidence=[sign])
    cleaned = clean(msgspec.structs.replace(channel_mismatch(), findings=[finding])).findings[0]
    assert (cleaned.evidence[0].line, cleaned.evidence[0].weight, cleaned.cause) == (7, 3.0, finding.cause)
