"""Fixed words of the reports of checks: key -> (English, Chinese)."""

from __future__ import annotations

TABLE: dict[str, tuple[str, str]] = {
    "check.fails": ("will fail", "将会失败"),
    "check.warns": ("look at this", "请留意"),
    "check.sound": ("sound", "未见问题"),
    "check.counts.error": ("{count} kinds of errors", "{count} 类错误"),
    "check.counts.warning": ("{count} kinds of warnings", "{count} 类警告"),
    "check.counts.none": ("nothing wrong was seen", "没有发现问题"),
    "check.looked": ("{cases} cases, {files} files, {seconds} s", "{cases} 个病例，{files} 个文件，{seconds} 秒"),
    "check.reused": ("{count} known from an earlier check", "其中 {count} 个沿用之前的检查结果"),
    "check.times": ("{count} times", "{count} 处"),
    "check.more": ("and {count} more", "另有 {count} 处"),
    "check.depth.headers": (
        "Only headers were read: label values, NaN and damaged voxels were not looked for (--deep does, and reads every file).",
        "只读取了文件头：没有检查标签值、NaN 和损坏的体素（--deep 会读取每个文件并检查这些）。",
    ),
    "check.depth.labels": (
        "Headers, and the voxels of labels, were read: NaN and damaged voxels of images were not looked for (--deep does).",
        "读取了文件头和标签的体素：没有检查图像的 NaN 和损坏的体素（--deep 会检查）。",
    ),
    "check.depth.deep": ("Every voxel was read.", "读取了全部体素。"),
    "check.forecast": ("Memory forecast", "内存预估"),
    "check.cases": ("Cases", "病例"),
    "check.case": ("Case", "病例"),
    "check.shape": ("Shape", "尺寸"),
    "check.spacing": ("Spacing (mm)", "间距 (mm)"),
    "check.channels": ("Channels", "通道"),
    "check.problems": ("Problems", "问题"),
    "check.stage.fingerprint": ("fingerprint", "提取指纹"),
    "check.stage.preprocess": ("preprocessing", "预处理"),
    "check.stage.predict": ("prediction", "推理"),
    "check.stage.export": ("export", "导出"),
    "check.stage.training": ("training", "训练"),
    "check.stage.gpu": ("GPU memory", "显存"),
    "check.fits": ("{total} with {option} {workers}", "{option} {workers} 时需 {total}"),
    "check.fits.plain": ("{total}", "{total}"),
    "check.granted": ("{granted} are granted", "可用 {granted}"),
    "check.too_much": (
        "{case} needs {total} with {option} {workers}; {granted} are granted",
        "{case} 在 {option} {workers} 时需要 {total}，而可用 {granted}",
    ),
    "check.safe": ("{option} {workers} needs {total}", "{option} {workers} 需要 {total}"),
    "check.unsafe": ("not even one worker fits", "即使只用一个进程也不够"),
}
