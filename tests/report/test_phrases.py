"""What the program says is said in Chinese: every sentence that it can make, and nothing that a user wrote."""

from __future__ import annotations

import html
import json
import re
from io import StringIO
from pathlib import Path

import msgspec
import pytest
import yaml

from nndoctor.consultation import consult
from nndoctor.diagnosis.model import Diagnosis, Evidence
from nndoctor.facts import Fact, Missing, vocabulary
from nndoctor.report import print_terminal, render_html, render_json, render_markdown
from nndoctor.report import words as words_module
from nndoctor.report.phrases import in_language, phrase
from nndoctor.witnesses import Options
from tests.report.checkup_samples import faulty, sound
from tests.report.samples import SAMPLES
from tests.report.sentences import SAMPLE, sentences

ROOT = Path(__file__).parents[2]
SEED = ROOT / "fixtures" / "input-data" / "channel-count-mismatch" / "predict-extra-channel-2.8.1" / "input.txt"
FILE = Path(words_module.__file__).with_name("phrases.zh.yaml")
BOOK: dict[str, str] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
HINTS = yaml.safe_load((ROOT / "rules" / "common" / "hints.yaml").read_text(encoding="utf-8"))
HEALTHY = yaml.safe_load((ROOT / "rules" / "common" / "healthy-runs.yaml").read_text(encoding="utf-8"))
MEANS = sorted({line["means"] for run in HEALTHY for line in run["lines"] if "means" in line})
LAST_STEP = "the last step of a healthy run that is here: "
HOLE = re.compile(r"\{[a-z]+\}")
FOUND_OTHERWISE = re.compile(
    r"^[A-Z][a-z/]+( [a-z/]+)+$|^\[withheld|^\(\{count\} times\)$|^/proc/meminfo has no|\.pkl$|_seg\.b2nd$|^environment"
)
"""What the system says, what redaction says, and what does not read like a sentence."""
HOSTILE = ["{0.__class__}", "{phrase}", "{path}", "{", "}}", "%s", r"\1\g<0>", "[bold]x[/bold]", "<b>", "${x}", "病例"]


def variants(text: str) -> list[str]:
    """The text with a name in its holes, with a reason in them, and behind the name that it is said of."""
    return [text, text.replace(SAMPLE, "no permission"), f"{SAMPLE} {text}"]


def is_known(text: str) -> bool:
    return any(phrase(each, "zh") != each for each in variants(text))


def test_english_stays_as_it_is() -> None:
    assert all(phrase(text, "en") == text for text in BOOK)
    made = SAMPLES["channel_mismatch"]()
    assert in_language(made, "en") is made


def test_every_meaning_of_a_fact_is_translated() -> None:
    assert not [spec.meaning for spec in vocabulary().values() if phrase(spec.meaning, "zh") == spec.meaning]


def test_every_sentence_of_the_sources_is_translated() -> None:
    found = list(sentences())
    assert len(found) > 150
    assert not [each for each in found if not is_known(each[1])]


def test_every_hint_of_the_rules_is_translated() -> None:
    assert not [hint["note"] for hint in HINTS if not is_known(hint["note"])]


def test_every_step_of_a_healthy_run_is_translated() -> None:
    assert len(MEANS) > 30
    for means in MEANS:
        told = BOOK[means]
        assert phrase(LAST_STEP + means, "zh") == f"文中最后一个正常步骤：{told}"
        assert phrase(f"{LAST_STEP}{means}; a healthy run goes on with: ^{{a}}; {{b:d}}$", "zh") == (
            f"文中最后一个正常步骤：{told}；正常的运行接下来会打印：^{{a}}; {{b:d}}$"
        )


def test_no_translation_has_outlived_its_english() -> None:
    said = [text for _, each in sentences() for text in variants(each)]
    said += [spec.meaning for spec in vocabulary().values()] + [hint["note"] for hint in HINTS] + MEANS
    kept = [each for each in BOOK if not FOUND_OTHERWISE.search(each) and "{phrase}" not in each]
    shapes = {each: re.compile(".*".join(map(re.escape, HOLE.split(each)))) for each in kept}
    assert not [each for each, shape in shapes.items() if not any(shape.fullmatch(text) for text in said)]


def test_every_entry_stands_once_and_keeps_its_holes() -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert len(lines) == len(BOOK)
    for english, told in BOOK.items():
        assert sorted(HOLE.findall(told)) == sorted(HOLE.findall(english)), english
        assert not re.search("[\u4e00-\u9fff][,:;!?()]|[,:;!?(][\u4e00-\u9fff]", HOLE.sub("", told)), told


@pytest.mark.parametrize(
    ("english", "told"),
    [
        ("none: this machine was not asked (--env none)", "无。没有查看本机（--env none）"),
        ("here: 3 of 4 paths of the text exist on this machine", "本机。文中 4 个路径有 3 个在本机存在"),
        ("/data/my case/plans.json: permission denied", "/data/my case/plans.json：没有权限"),
        ("how many: all that is wrong with the plans, in words", "数量：plans 的所有问题"),
        ("the probe gave no answer within 5 s", "探测在 5 秒内没有结果"),
        ("no rule knows this line (3 times)", "no rule knows this line（共 3 次）"),
        ("the machine could not be read: OSError: Permission denied", "无法读取本机信息：OSError: Permission denied"),
        (
            "not read: a.zip/b.log: encrypted. Unpack it and name the log",
            "没有读取：a.zip/b.log：已加密。请解压后给出日志",
        ),
        ("3d_fullres: missing: spacing", "3d_fullres：缺少：spacing"),
        ("something that nobody translated", "something that nobody translated"),
        ("a: b: c: something that nobody translated", "a: b: c: something that nobody translated"),
        ("", ""),
    ],
)
def test_a_sentence_keeps_its_values(english: str, told: str) -> None:
    assert phrase(english, "zh") == told


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_stands_in_a_hole_is_shown_and_never_acts(hostile: str) -> None:
    assert phrase(f"{hostile} does not exist", "zh") == f"{hostile} 不存在"
    assert phrase(f"none of {hostile} is set", "zh") == f"{hostile} 都没有设置"
    assert phrase(
        f"nnU-Net ran in {hostile}, nndoctor looked at {hostile}x: name its interpreter with --python", "zh"
    ) == (f"nnU-Net 运行在 {hostile}，nndoctor 查看的是 {hostile}x：请用 --python 指定 nnU-Net 的解释器")
    page = render_html(msgspec.structs.replace(SAMPLES["undetermined"](), environment=f"snapshot {hostile}"), lang="zh")
    assert f"快照 {html.escape(hostile, quote=False)}" in page


def test_long_hostile_text_costs_little() -> None:
    for text in (": " * 50_000, " = " * 50_000, "none: " * 20_000, "x (NVML: " * 20_000):
        assert phrase(text, "zh") == text
    made = SAMPLES["channel_mismatch"]()
    says = [" (a.b = " * 20_000, ", " + "a." * 50_000, ", a.b = " * 20_000]
    signs = [Evidence("fact", "crash.log", "a line", 6.0, 3, each) for each in says]
    [found] = in_language(
        msgspec.structs.replace(made, findings=[msgspec.structs.replace(made.findings[0], evidence=signs)]), "zh"
    ).findings
    assert [each.says for each in found.evidence] == says


def test_only_values_that_are_sentences_are_translated() -> None:
    seen = SAMPLES["channel_mismatch"]().facts[0].source
    facts = [Fact("log.input_folder", "no permission", seen), Fact("splits.problem", "no list of folds", seen)]
    listed = Fact("input.unreadable", ["a.nii: empty file", "b.nii: ?"], seen)
    told = in_language(msgspec.structs.replace(SAMPLES["no_failure"](), facts=[*facts, listed]), "zh")
    assert [fact.value for fact in told.facts] == ["no permission", "不是 fold 的列表", ["a.nii：空文件", "b.nii: ?"]]


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("说明 (log.epoch_seconds = 918.2 s)", "说明（log.epoch_seconds = 918.2 s）"),
        (
            "说明 (nnunetv2.unmet = torch 2.6.0 (nnunetv2 2.3.1 needs <2.6); numpy 2.1 (nnunetv2 2.3.1 needs <2), a.b = 1)",
            "说明（nnunetv2.unmet = torch 2.6.0（nnunetv2 2.3.1 需要 <2.6）；"
            "numpy 2.1（nnunetv2 2.3.1 需要 <2）, a.b = 1）",
        ),
        ("splits.problem = no list of folds, shm.size = 3", "splits.problem = 不是 fold 的列表, shm.size = 3"),
        ("log.input_folder = no permission", "log.input_folder = no permission"),
        ("说明 (3 times)", "说明（共 3 次）"),
        ("说明 (log.paths = {0.x}; {text})", "说明（log.paths = {0.x}; {text}）"),
    ],
)
def test_a_fact_beside_what_is_said_is_told_in_words(says: str, told: str) -> None:
    made = SAMPLES["channel_mismatch"]()
    sign = Evidence("fact", "crash.log", "a line", 6.0, 3, says)
    [found] = in_language(
        msgspec.structs.replace(made, findings=[msgspec.structs.replace(made.findings[0], evidence=[sign])]), "zh"
    ).findings
    assert [each.says for each in found.evidence] == [told]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "$ nnUNetv2_train 4 3d_fullres 0\nnnunetv2==2.3.1\ntorch==2.6.0\nUsing device: cuda:0\n"
            "2024-06-01 00:00:54.677103: Epoch 0\nTraceback (most recent call last):\n"
            '  File "/x/nnunetv2/run/run_training.py", line 3, in foo\n    bar()\n',
            ["文本在这个 traceback 中间中断", "正常的运行不会打印这一行", "文中最后一个正常步骤：训练已开始"],
        ),
        (
            "$ nnUNetv2_plan_and_preprocess -d 4\nFingerprint extraction...\n",
            ["文中最后一个正常步骤：命令行已正确解析"],
        ),
    ],
)
def test_what_is_said_of_telling_lines_is_chinese(text: str, said: list[str], tmp_path: Path) -> None:
    (tmp_path / "run.log").write_text(text, encoding="utf-8")
    for form, shown in reports(consult(Options([str(tmp_path / "run.log")], "none", language="zh"))).items():
        assert not [each for each in said if each.replace(" ", "") not in shown.replace(" ", "")], form
        assert "healthy run" not in shown, form


def reports(d: Diagnosis) -> dict[str, str]:
    """The three readable reports in Chinese, without line ends, entities and escapes."""
    sheet = StringIO()
    print_terminal(d, stream=sheet, lang="zh", width=100, color=False, unicode=True)
    page = html.unescape(re.sub(r"<style>.*?</style>", "", render_html(d, lang="zh"), flags=re.DOTALL))
    markdown = html.unescape(render_markdown(d, lang="zh").replace("\u200b", "").replace("\\", ""))
    found = {"terminal": sheet.getvalue(), "html": page, "markdown": markdown}
    return {form: " ".join(text.split()) for form, text in found.items()}


def told_by_the_program(d: Diagnosis) -> set[str]:
    gaps = [gap for finding in d.findings for gap in finding.not_seen]
    notes = [*d.notes, *(note for record in d.inputs for note in record.notes)]
    said = {d.environment, *notes, *(gap.reason for gap in d.missing)}
    return said | {gap.reason for gap in gaps} | {gap.meaning for gap in gaps}


@pytest.mark.parametrize("env", ["none", "here"])
def test_a_chinese_report_holds_no_english_of_the_program(env: str, tmp_path: Path) -> None:
    (tmp_path / "broken.log").write_bytes(b"")
    (tmp_path / "crash.txt").write_bytes(SEED.read_bytes())
    nowhere = tmp_path / "nowhere"
    options = Options([str(tmp_path)], env, nowhere, nowhere, "7", "3d_fullres", language="zh")
    d = consult(options)
    english = told_by_the_program(d)
    assert len(english) > 5
    for form, text in reports(d).items():
        assert not [each for each in english if each in text and " " in each.strip()], form
        assert "没有读取" in text, form


def test_what_a_check_says_in_a_sentence_is_chinese() -> None:
    d = faulty()
    for form, text in reports(d).items():
        assert "bytes of its header" not in text, form
        assert text.count("文件在 44 字节处中断，文件头应有 348 字节") >= 5, form
    told = in_language(d, "zh")
    assert told.checkup is not None and d.checkup is not None
    assert told.checkup.places[0].where == d.checkup.places[0].where
    assert told.findings[0].evidence[0].text == told.checkup.places[0].text
    assert told.findings[1].evidence == d.findings[1].evidence


def test_json_keeps_the_english() -> None:
    d = consult(Options([str(SEED)], "none", language="zh"))
    document = json.loads(render_json(d))
    assert document["environment"] == "none: this machine was not asked (--env none)"
    assert Missing("gpu.count", "this machine was not asked (--env none)") in d.missing


@pytest.mark.parametrize("name", [*sorted(SAMPLES), "faulty", "sound"])
def test_no_half_width_punctuation_stands_between_chinese_words(name: str) -> None:
    for form, text in reports({**SAMPLES, "faulty": faulty, "sound": sound}[name]()).items():
        prose = re.sub(r"<[^>]*>", "\n", text)
        assert not re.search("[\u4e00-\u9fff][:,;] ?[\u4e00-\u9fff]", prose), form
