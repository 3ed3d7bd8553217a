"""The dataset folder described in Croissant, the machine-readable vocabulary that dataset catalogues read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
DESCRIPTION = (
    "Who affirms, denies or leaves open what: (speaker, claim, stance) pairs from news. Labels by language models "
    "under written guidelines, not by people."
)


def croissant(files: Mapping[str, str], schema: pa.Schema, digest: str) -> dict[str, Any]:
    """Croissant metadata (JSON-LD) of Parquet ``files`` (name -> SHA-256), one record set a file.

    Content addresses are relative, so the folder can be moved as a whole.
    """
    import mlcroissant as mlc  # a second of import time that only building pays

    kinds = {pa.string(): mlc.DataType.TEXT, pa.float64(): mlc.DataType.FLOAT}
    metadata = mlc.Metadata(
        name="stance",
        description=DESCRIPTION,
        version=f"{version('stance')}+{digest}",
        license=LICENSE,
        cite_as="stance: who affirms, denies or leaves open what in the news",
        distribution=[
            mlc.FileObject(
                id=name, name=name, content_url=name, encoding_formats=["application/x-parquet"], sha256=digest_of_file
            )
            for name, digest_of_file in files.items()
        ],
        record_sets=[
            mlc.RecordSet(
                id=Path(name).stem,
                name=Path(name).stem,
                fields=[
                    mlc.Field(
                        id=f"{Path(name).stem}/{column.name}",
                        name=column.name,
                        data_types=kinds[column.type],
                        source=mlc.Source(file_object=name, extract=mlc.Extract(column=column.name)),
                    )
                    for column in schema
                ],
            )
            for name in files
        ],
    )
    described: dict[str, Any] = json.loads(json.dumps(metadata.to_json(), default=str))
    return described
