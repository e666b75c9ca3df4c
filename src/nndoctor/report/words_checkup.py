"""Fixed words of the reports of checks: key -> (English, Chinese)."""

from __future__ import annotations

TABLE: dict[str, tuple[str, str]] = {
    "check.fails": ("will go wrong", "将会出错"),
    "check.warns": ("look at this", "请留意"),
    "check.sound": ("sound", "未见问题"),
    "check.counts.error": ("{count} kinds of errors", "{count} 类错误"),
    "check.counts.error.one": ("1 kind of error", "1 类错误"),
    "check.counts.warning": ("{count} kinds of warnings", "{count} 类警告"),
    "check.counts.warning.one": ("1 kind of warning", "1 类警告"),
    "check.counts.none": ("nothing wrong was seen", "没有发现问题"),
    "check.looked.cases": ("{count} cases", "{count} 个病例"),
    "check.looked.cases.one": ("1 case", "1 个病例"),
    "check.looked.files": ("{count} files", "{count} 个文件"),
    "check.looked.files.one": ("1 file", "1 个文件"),
    "check.looked.seconds": ("{seconds} s", "{seconds} 秒"),
    "check.reused": ("{count} known from an earlier check", "其中 {count} 个沿用之前的检查结果"),
    "check.times": ("{count} times", "{count} 处"),
    "check.more": ("and {count} more", "另有 {count} 处"),
    "check.depth.headers": (
        "Only headers were read: label values, NaN and damaged voxels were not looked for "
        "(--deep does, and reads every file).",
        "只读取了文件头：没有检查标签值、NaN 和损坏的体素（--deep 会读取每个文件并检查这些）。",
    ),
    "check.depth.labels": (
        "Headers, and the voxels of labels, were read: NaN and damaged voxels of images were not looked for "
        "(--deep does).",
        "读取了文件头和标签的体素：没有检查图像的 NaN 和损坏的体素（--deep 会检查）。",
    ),
    "check.depth.unread": (
        "Voxels could not be read, see below: label values, NaN and damaged voxels of these files were not looked for.",
        "有体素无法读取（见下文）：没有检查这些文件的标签值、NaN 和损坏的体素。",
    ),
    "check.depth.deep": ("Every voxel was read.", "读取了全部体素。"),
    "check.forecast": ("Memory forecast", "内存预估"),
    "check.stage": ("Stage", "阶段"),
    "check.one": ("One worker", "单个进程"),
    "check.workers": ("Workers", "进程数"),
    "check.total": ("All workers", "全部进程"),
    "check.granted.column": ("Granted", "可用"),
    "check.safe.column": ("What fits", "可行的设置"),
    "check.over": ("too much", "超出"),
    "check.cases": ("Cases", "病例"),
    "check.cases.suspicious": ("Suspicious cases", "可疑病例"),
    "check.cases.sound": ("{count} cases without a problem", "{count} 个未见问题的病例"),
    "check.cases.left": (
        "The table shows {shown} of {count} cases: suspicious ones first.",
        "表中列出 {count} 个病例中的 {shown} 个，可疑的在前。",
    ),
    "check.pictures": ("Pictures of suspicious cases", "可疑病例的图像"),
    "check.pictures.says": (
        "The slice with the most foreground, else the middle one; the outlines are those of the label.",
        "取前景最多的切片，没有前景时取中间的切片；彩色轮廓来自标签。",
    ),
    "check.footer": (
        "Made by a program from files and from this computer. Review it before you act on it and before you share it: "
        "it may hold names or paths.",
        "由程序根据文件和本机信息生成。采取行动或分享之前请先审阅：其中可能含有姓名或路径。",
    ),
    "check.case": ("Case", "病例"),
    "check.shape": ("Shape", "尺寸"),
    "check.spacing": ("Spacing (mm)", "间距 (mm)"),
    "check.channels": ("Channels", "通道"),
    "check.problems": ("Problems", "问题"),
    "check.stage.listing": ("listing files", "列出文件"),
    "check.stage.fingerprint": ("fingerprint", "提取指纹"),
    "check.stage.preprocess": ("preprocessing", "预处理"),
    "check.stage.predict": ("prediction", "推理"),
    "check.stage.export": ("export", "导出"),
    "check.stage.training": ("training", "训练"),
    "check.stage.gpu": ("GPU memory", "显存"),
    "check.rss": ("added up in top: {rss}", "top 中合计 {rss}"),
    "check.fits": ("{total} with {option} {workers}", "{option} {workers} 时需 {total}"),
    "check.fits.plain": ("{total}", "{total}"),
    "check.granted": ("{granted} are granted", "可用 {granted}"),
    "check.too_much": (
        "{case} needs {total} with {option} {workers}; {granted} are granted",
        "{case} 在 {option} {workers} 时需要 {total}，而可用 {granted}",
    ),
    "check.too_much.plain": (
        "{case} needs {total}; {granted} are granted",
        "{case} 需要 {total}，而可用 {granted}",
    ),
    "check.safe": ("{option} {workers} needs {total}", "{option} {workers} 需要 {total}"),
    "check.unsafe": ("not even one worker fits", "即使只用一个进程也不够"),
}
