"""Sites that no user reaches, each with the reason why: rules/common/internal-sites.yaml."""

from __future__ import annotations

from pathlib import Path

import msgspec
import yaml

from nndoctor.coverage.sites import Site
from nndoctor.diagnosis.rulebook import RuleError

FILE = Path("common") / "internal-sites.yaml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Internal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry; what it leaves out holds for every site.

    `file` is the end of a path, or a piece of it that ends with a /: every file in that folder. `text` is how the
    message starts, with {} for what varies; for a site without message it is how its source line starts.
    """

    file: str
    reason: str
    function: str = ""
    text: str = ""

    def covers(self, site: Site) -> bool:
        if self.function and self.function != site.function:
            return False
        return site.words.startswith(self.text) and self._holds(f"/{site.file}")

    def _holds(self, path: str) -> bool:
        return f"/{self.file}" in path if self.file.endswith("/") else path.endswith(f"/{self.file}")


def load_internal(rules: Path) -> list[Internal]:
    """The entries of a rules folder; none when it has no such file. Raises RuleError."""
    path = rules / FILE
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
        return msgspec.convert(data or [], list[Internal])
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as problem:
        raise RuleError(f"{path}: {' '.join(str(problem).split())}") from None
