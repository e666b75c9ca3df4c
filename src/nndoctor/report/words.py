"""All fixed words that a reader of a report sees: language -> key -> text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from nndoctor.report.words_checkup import TABLE

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
_SURE = ((0.95, "sure.certain"), (0.8, "sure.very"), (0.6, "sure.likely"), (0.3, "sure.possible"))

_TABLE: dict[str, tuple[str, str]] = {
    "lang": ("en", "zh-Hans"),
    "status.diagnosed": ("diagnosed", "已诊断"),
    "status.undetermined": ("undetermined", "未能确定"),
    "status.no-failure": ("no failure", "未见故障"),
    "status.not-nnunet": ("not nnU-Net", "非 nnU-Net"),
    "verdict.diagnosed": ("A cause was found.", "已找到原因。"),
    "verdict.undetermined": (
        "Something failed, but what was given does not show why.",
        "确有故障，但所给内容不足以确定原因。",
    ),
    "verdict.leaning": ("Not proven, but this points to: {title}", "尚未证实，但迹象指向：{title}"),
    "verdict.no-failure": ("Nothing in what was given shows a failure.", "所给内容中没有发现故障。"),
    "verdict.not-nnunet": (
        "This does not look like something that nnU-Net printed.",
        "所给内容看起来不是 nnU-Net 的输出。",
    ),
    "sure.certain": ("almost certain", "几乎可以肯定"),
    "sure.very": ("very likely", "很可能"),
    "sure.likely": ("likely", "较可能"),
    "sure.possible": ("possible", "有可能"),
    "sure.unlikely": ("unlikely", "不太可能"),
    "severity.error": ("error", "错误"),
    "severity.warning": ("warning", "警告"),
    "severity.info": ("hint", "提示"),
    "kind.check": ("check", "检查"),
    "kind.setting": ("setting", "设置"),
    "kind.copy-of-data": ("copy of the data", "改动数据副本"),
    "kind.environment": ("environment", "环境"),
    "kind.destructive": ("destructive", "不可逆"),
    "treats.cause": ("treats the cause", "针对根本原因"),
    "treats.works-around": ("works around it", "绕过问题"),
    "treats.diagnostic": ("only to find out more", "仅用于进一步诊断"),
    "what_happened": ("What happened", "发生了什么"),
    "chain": ("From the root to what was seen", "从根源到最终现象"),
    "evidence": ("Evidence", "证据"),
    "against": ("What speaks against it", "不支持的证据"),
    "first_fix": ("Do this first", "首先这样做"),
    "other_fixes": ("Then, in this order", "然后依次尝试"),
    "fixes": ("What to do, in this order", "按以下顺序处理"),
    "candidates": ("Other candidates", "其他可能原因"),
    "candidates.undetermined": ("Candidates", "可能原因"),
    "ignorable": ("Can be ignored", "可以忽略的信息"),
    "not_seen": ("What was not seen", "没有看到的信息"),
    "settles": ("settles it:", "可用此命令确认："),
    "excerpt": ("The lines themselves", "原文摘录"),
    "facts": ("Facts", "事实"),
    "number_of_facts": ("{number} Facts", "{number} 项事实"),
    "missing": ("Looked for, not found", "查找过但没有找到"),
    "inputs": ("What was read", "读取的内容"),
    "notes": ("Notes", "说明"),
    "environment": ("Environment used", "所用的运行环境"),
    "signature": ("Signature", "特征码"),
    "confidence": ("Confidence", "置信度"),
    "cause": ("Cause", "原因"),
    "effect": ("effect", "效果"),
    "cost": ("cost", "代价"),
    "cost.destructive": ("what is lost", "会失去"),
    "undo": ("undo", "撤销"),
    "condition": ("only if", "仅当"),
    "env.packages": ("Interpreter and packages", "解释器与软件包"),
    "env.variables": ("nnU-Net's variables", "nnU-Net 环境变量"),
    "env.memory": ("Memory", "内存"),
    "env.processors": ("Processors and limits", "处理器与限制"),
    "env.gpu": ("GPU", "GPU"),
    "env.system": ("System and job", "系统与作业"),
    "env.alarms": ("Look at these first", "请先看这些"),
    "env.folders": ("nnU-Net's folders and their disks", "nnU-Net 的文件夹及其所在磁盘"),
    "env.workers": ("Processes that nnU-Net will start", "nnU-Net 将启动的进程数"),
    "env.compile": ("torch.compile", "torch.compile"),
    "explain.see": ("What you see", "您会看到"),
    "explain.why": ("Why", "为什么"),
    "explain.confirm": ("How to confirm", "如何确认"),
    "explain.confused": ("Often confused with", "容易混淆的原因"),
    "explain.versions": ("Versions", "版本"),
    "colon": (": ", "："),
    "comma": (", ", "，"),
    "semicolon": ("; ", "；"),
    "brackets": (" ({text})", "（{text}）"),
    "windows": ("Windows", "Windows"),
    "not_windows": ("not Windows", "非 Windows"),
    "source": ("source", "来源"),
    "command": ("Command", "命令"),
    "fact": ("Fact", "事实"),
    "value": ("Value", "值"),
    "from": ("Seen in", "出处"),
    "line": ("line {number}", "第 {number} 行"),
    "lines": ("lines", "行"),
    "bytes": ("bytes", "字节"),
    "weight": ("weight", "权重"),
    "decibans": ("log-odds in decibans", "对数几率（deciban）"),
    "gap": ("lines not shown", "行未显示"),
    "evidence_line": ("evidence", "证据"),
    "no_fix": (
        "No fix is offered: nothing that was given says what would help.",
        "没有给出修复方法：所给内容不足以说明怎样做有效。",
    ),
    "triage": ("What triage asks for", "分诊所需信息"),
    "triage.command": ("Exact command", "完整命令"),
    "triage.version": ("nnunetv2 version", "nnunetv2 版本"),
    "triage.traceback": ("Traceback", "回溯信息"),
    "triage.dataset": ("Dataset structure", "数据集结构"),
    "triage.unknown": ("not in what was given: please add it", "所给内容中没有，请补充"),
    "left_out": ("left out to keep this short", "为保持简短而省略"),
    "footer": (
        "Made by a program as a best effort, from the text alone where nothing else was given. "
        "Review it before you act on it and before you share it: it may hold names or paths.",
        "由程序尽力生成；在没有其他信息时仅依据文本。采取行动或分享之前请先审阅：其中可能含有姓名或路径。",
    ),
    "footer.short": ("best effort: review before you share", "尽力而为，分享前请先审阅"),
}
_WORDS: dict[Language, dict[str, str]] = {
    language: {key: both[column] for key, both in {**_TABLE, **TABLE}.items()}
    for column, language in enumerate(LANGUAGES)
}


def words(language: Language) -> Mapping[str, str]:
    """The fixed words of one language. An unknown key is a KeyError: a bug, never an empty label."""
    return _WORDS[language]


def sure(confidence: float, language: Language) -> str:
    """A confidence in words."""
    key = next((key for least, key in _SURE if confidence >= least), "sure.unlikely")
    return words(language)[key]


def per_cent(confidence: float) -> str:
    """A confidence in per cent, which never rounds to certainty: 97%, >99%, <1%."""
    if confidence > 0.99:
        return ">99%"
    return "<1%" if confidence < 0.01 else f"{round(confidence * 100)}%"
