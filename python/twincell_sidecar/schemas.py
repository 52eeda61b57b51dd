"""The JSON Schemas both sides hold, and validators made from them once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMAS_FOLDER = Path(__file__).resolve().parents[2] / "schemas"

Json = Mapping[str, Any]


def schema_hash(folder: Path = SCHEMAS_FOLDER) -> str:
    """Give the sha256 over name and text of every schema file, as src/bridge/schema-hash.ts does."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.json"), key=lambda path: path.name):
        text = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.name} {text}\n".encode())
    return total.hexdigest()


class Validator:
    """Checks values against one schema."""

    def __init__(self, schema: Json) -> None:
        Draft202012Validator.check_schema(schema)
        self._validator: Any = Draft202012Validator(schema)

    def problem(self, value: object) -> str | None:
        """Say where and why a value does not fit, or None if it does."""
        # The deepest error is the one that says most: the others only say that no alternative fits.
        errors = list(self._validator.iter_errors(value))
        if not errors:
            return None
        worst = errors[0]
        while worst.context:
            worst = max(worst.context, key=lambda error: len(error.absolute_path))
        path = "/" + "/".join(str(step) for step in worst.absolute_path)
        return f"{path}: {worst.message[:500]}"


class Schemas:
    """Validators by $id: from files of the folder, or from documents given directly (tests)."""

    def __init__(self, documents: Mapping[str, Json] | None = None, folder: Path = SCHEMAS_FOLDER) -> None:
        self._documents = dict(documents or {})
        self._folder = folder
        self._validators: dict[str, Validator] = {}

    def document(self, schema_id: str) -> Json:
        """Give the schema with this $id."""
        if schema_id not in self._documents:
            text = (self._folder / f"{schema_id}.json").read_text(encoding="utf-8")
            document = json.loads(text)
            if not isinstance(document, dict) or document.get("$id") != schema_id:
                raise ValueError(f"{schema_id}.json does not hold the schema {schema_id}")
            self._documents[schema_id] = document
        return self._documents[schema_id]

    def validator(self, schema_id: str) -> Validator:
        """Give the validator of the schema with this $id."""
        if schema_id not in self._validators:
            self._validators[schema_id] = Validator(self.document(schema_id))
        return self._validators[schema_id]
