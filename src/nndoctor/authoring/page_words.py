"""The fixed words of the documentation's pages that the reports do not have: language -> key -> text."""

from __future__ import annotations

from nndoctor.authoring.page_text import other_site
from nndoctor.report.words import LANGUAGES, Language, words

_TABLE: dict[str, tuple[str, str]] = {
    "site": ("nndoctor", "nndoctor"),
    "home": ("Find your crash", "查找您的报错"),
    "home.intro": (
        "nndoctor knows {causes} causes of nnU-Net failures. Each has a page: what you see, what happened, how to "
        "confirm it, and what to do, safest first.",
        "nndoctor 收录了 {causes} 种 nnU-Net 故障原因。每种原因一页：您会看到什么、发生了什么、如何确认，"
        "以及怎样处理（最安全的方法在前）。",
    ),
    "home.search": (
        "Search for some words of the last printed line, without the type of the exception, paths and numbers:",
        "搜索报错最后一行中的几个词，不含异常类型、路径和数字：",
    ),
    "home.diagnose": (
        "Or let nndoctor read the text; nothing leaves your machine:",
        "或者让 nndoctor 阅读报错文本；任何内容都不会离开您的电脑：",
    ),
    "home.more": ("Look it up", "按条目查找"),
    "home.message": ("I have a message: all printed messages", "按报错信息查找：全部信息"),
    "home.release": (
        "I have a version of nnU-Net: its needs and its known bugs",
        "按 nnU-Net 版本查找：依赖与已知缺陷",
    ),
    "home.bugs": ("Known bugs, and the release that ends each", "已知缺陷及其修复版本"),
    "home.checks": (
        "Before a run: everything that nndoctor check finds",
        "运行之前：nndoctor check 能发现的全部问题",
    ),
    "checks": ("What checks find", "检查项目"),
    "checks.intro": (
        "What nndoctor check dataset, predict, train and env find before a run, and what nnU-Net does with it. An "
        "error makes the run fail, or silently do something wrong.",
        "nndoctor check dataset、predict、train 和 env 在运行前能发现的问题，以及 nnU-Net 如何处理。"
        "“错误”会使运行失败，或悄悄得出错误的结果。",
    ),
    "home.causes": ("All causes", "全部原因"),
    "home.docs": ("About nndoctor itself", "关于 nndoctor"),
    "docs": ("nndoctor", "nndoctor"),
    "docs.readme": ("What it is", "简介（英文）"),
    "docs.check": ("Checks before a run", "运行前检查（英文）"),
    "docs.memory": ("The memory forecast", "内存预估（英文）"),
    "docs.scale": ("Large datasets and clusters", "大型数据集与集群（英文）"),
    "docs.accuracy": ("How often it is right", "准确率（英文）"),
    "docs.rules": ("How a rule is written", "如何编写规则（英文）"),
    "docs.architecture": ("How it is built", "架构（英文）"),
    "docs.contributing": ("Contributing", "参与贡献（英文）"),
    "docs.changelog": ("Changes", "更新记录（英文）"),
    "other": ("中文", "English"),
    "causes": ("Causes", "原因"),
    "messages": ("Printed messages", "报错信息索引"),
    "messages.intro": (
        "The words that nndoctor looks for in a text, and the causes that they speak for, heaviest first. … stands for "
        "anything, ‹name› for something that varies. Use your browser's search (Ctrl+F).",
        "nndoctor 在文本中查找的词句及其对应的原因，权重最大的在前。… 代表任意内容，‹name› 代表可变部分。"
        "请使用浏览器的页内查找（Ctrl+F）。",
    ),
    "messages.rest": ("Other characters", "其他字符"),
    "releases": ("Releases of nnU-Net", "nnU-Net 版本"),
    "releases.intro": (
        "What each release of nnunetv2 says that it needs, what it needs in fact, and its known bugs. Newest first.",
        "nnunetv2 各版本声明的依赖、实际所需的依赖，以及已知缺陷。最新版本在前。",
    ),
    "releases.date": ("Released on {date}.", "发布日期：{date}。"),
    "releases.package": ("Package", "软件包"),
    "releases.needs": ("It says", "声明"),
    "releases.in_fact": ("In fact also", "实际还需"),
    "releases.none": ("No known bug.", "没有已知缺陷。"),
    "known-bugs": ("Known bugs", "已知缺陷"),
    "known-bugs.intro": (
        "Bugs of nnU-Net and its companions that a release ends, or none yet.",
        "nnU-Net 及其配套软件包的缺陷，以及修复它们的版本（如果有）。",
    ),
    "bugs.bug": ("Bug", "缺陷"),
    "bugs.in": ("Releases", "受影响版本"),
    "bugs.fixed": ("Fixed in", "修复于"),
    "bugs.open": ("not yet", "尚未修复"),
    "bugs.with": ("with {companions}", "与 {companions} 同时使用时"),
    "bugs.upgrade": (
        "An upgrade to the release that it is fixed in, or to a newer one, ends a bug; best in a new environment.",
        "升级到修复该缺陷的版本或更新的版本即可解决；最好在新环境中进行。",
    ),
    "bugs.else": ("What else helps", "其他解决方法"),
    "signs": ("How nndoctor recognises it", "nndoctor 如何识别"),
    "signs.decisive": ("Decisive: this alone names the cause", "决定性：单凭此项即可确定原因"),
    "signs.strong": ("Strong", "强"),
    "signs.moderate": ("Moderate", "中等"),
    "signs.weak": ("Weak", "弱"),
    "signs.none": (
        "It has no sign of its own: it is what remains when no other cause is found.",
        "没有自己的特征：找不到其他原因时才给出此结论。",
    ),
    "sign.exception": ("Exception", "异常"),
    "sign.any": ("Any exception", "任意异常"),
    "sign.text": ("Printed", "输出文本"),
    "sign.fact": ("Fact", "事实"),
    "sign.in": ("in function", "所在函数"),
    "sign.file": ("in file", "所在文件"),
    "sign.code": ("at the line of code", "代码行"),
    "sign.raised": ("raised by", "抛出方"),
    "sign.with": ("the text also holds", "文本中还包含"),
    "sign.unless": ("not when the text also holds", "文本中不包含"),
    "sign.versions": ("less where not", "不满足时权重降低"),
    "raised.user": ("the user's own code", "用户自己的代码"),
    "raised.nnunet": ("nnU-Net", "nnU-Net"),
    "raised.library": ("a library", "第三方库"),
    "raised.python": ("Python itself", "Python 本身"),
    "chain": ("Symptoms and roots", "症状与根源"),
    "chain.explains": ("When this holds, it explains", "成立时，可以解释"),
    "chain.explained": ("Can itself be explained by", "本身可能由以下原因引起"),
    "chain.excludes": ("When this holds, it rules out", "成立时，可以排除"),
    "chain.excluded": ("Is ruled out by", "会被以下原因排除"),
    "prior.common": ("a common cause", "常见原因"),
    "prior.uncommon": ("an uncommon cause", "不太常见的原因"),
    "prior.rare": ("a rare cause", "罕见的原因"),
    "symptom": ("a symptom: look for the cause behind it", "症状：请寻找其背后的原因"),
    "or": (" or ", " 或 "),
}
_FAMILIES: dict[str, tuple[str, str]] = {
    "evaluation-and-code": ("Evaluation and own code", "评估与自定义代码"),
    "gpu-and-torch": ("GPU and PyTorch", "GPU 与 PyTorch"),
    "input-data": ("Input data", "输入数据"),
    "installation": ("Installation", "安装"),
    "memory": ("Memory", "内存与显存"),
    "models-and-checkpoints": ("Models and checkpoints", "模型与检查点"),
    "no-fault": ("No fault", "无故障"),
    "paths-and-system": ("Paths and system", "路径与系统"),
    "preprocessing-and-plans": ("Preprocessing and plans", "预处理与 plans"),
    "processes": ("Processes", "进程"),
}


def told(key: str, lang: Language) -> str:
    """A fixed word of the pages, or of the reports. An unknown key is a KeyError."""
    return _TABLE[key][LANGUAGES.index(lang)] if key in _TABLE else words(lang)[key]


def family_name(family: str, lang: Language) -> str:
    """A family of causes for a reader; a new one needs no entry here."""
    known = _FAMILIES.get(family)
    return known[LANGUAGES.index(lang)] if known else family.replace("-", " ").capitalize()


def html(path: str) -> str:
    """Where the page of a Markdown file is on the site."""
    return path.removesuffix(".md") + ".html"


def other_language(path: str, lang: Language) -> str:
    """A link from a page to the same page in the other language: Chinese lies in the folder zh of the site."""
    up = "../" * path.count("/")
    if lang == "zh":
        return other_site(told("other", lang), f"{up}../{html(path)}", "en")
    return other_site(told("other", lang), f"{up}zh/{html(path)}", "zh-Hans")
