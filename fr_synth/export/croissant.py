"""``croissant.json``: the data set described for machines, by the Croissant vocabulary 1.0."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fr_synth.export.card import licence_of, name_of

if TYPE_CHECKING:
    from fr_envs.json_values import JsonObject
    from fr_synth.export.card import Card
    from fr_synth.export.writing import WrittenFile

__all__ = ["croissant_text"]

_CONTEXT: JsonObject = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}  # as the vocabulary prescribes it

_MEDIA = {
    ".jsonl": "application/jsonlines",
    ".parquet": "application/x-parquet",
    ".gz": "application/gzip",
    ".zst": "application/zstd",
}


def croissant_text(card: Card) -> str:
    """Return ``croissant.json``: every file with its digest, and the columns of text of those that are not packed."""
    described: JsonObject = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": _plain(name_of(card)),
        "description": f"Multi-turn tool-use dialogues for {card.form.summary}.",
        "license": licence_of(card),
        "version": card.version,
        "citeAs": f"FunReason {card.version}",
        "isLiveDataset": False,
        "keywords": ["function calling", "tool use", "synthetic"],
        "distribution": [_object(file) for file in card.files],
        "recordSet": [_records(file) for file in card.files if file.texts and _suffix(file) in {".jsonl", ".parquet"}],
    }
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def _plain(name: str) -> str:
    """Return a name without the characters that the vocabulary does not allow in one."""
    return "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in name).strip()


def _suffix(file: WrittenFile) -> str:
    return file.path[file.path.rindex(".") :]


def _object(file: WrittenFile) -> JsonObject:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": _MEDIA[_suffix(file)],
        "sha256": file.sha256,
    }


def _records(file: WrittenFile) -> JsonObject:
    name = file.path[len("data/") : file.path.index(".")]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column}",
                "name": column,
                "dataType": "sc:Text",
                "source": {"fileObject": {"@id": file.path}, "extract": {"column": column}},
            }
            for column in file.texts
        ],
    }
