"""The schemas of both sides: the files are whole, and a refusal says where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from twincell_sidecar.schemas import SCHEMAS_FOLDER, Schemas, Validator, schema_hash


@pytest.mark.parametrize("path", sorted(SCHEMAS_FOLDER.glob("*.json")), ids=lambda path: path.name)
def test_every_file_is_a_schema_named_like_itself(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["$id"] == path.stem
    assert Schemas().validator(path.stem).problem("a string is none of these") is not None


def test_the_hash_depends_on_every_name_and_every_byte(tmp_path: Path) -> None:
    def hash_of(**files: str) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for name, text in files.items():
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
        return schema_hash(folder)

    hashes = [hash_of(a="{}", b="[]"), hash_of(a="{}", b="[ ]"), hash_of(a="{}", c="[]"), hash_of(a="{}")]
    assert len(set(hashes)) == len(hashes)
    assert hash_of(b="[]", a="{}") == hashes[0]


def test_a_refusal_names_the_deepest_place() -> None:
    small = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    validator = Validator({"anyOf": [{"type": "string"}, {"type": "array", "items": small}]})
    assert validator.problem([{"n": 1}]) is None
    problem = validator.problem([{"n": 1}, {"n": "two"}])
    assert problem is not None
    assert problem.startswith("/1/n: 'two' is not of type 'integer'")


def test_a_file_under_a_wrong_name_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "A.json").write_text('{"$id": "B"}', encoding="utf-8")
    with pytest.raises(ValueError, match="does not hold the schema A"):
        Schemas(folder=tmp_path).document("A")
