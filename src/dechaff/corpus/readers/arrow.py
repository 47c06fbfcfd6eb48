"""Arrow files and streams, and Feather, which is the same since its version 2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dechaff.corpus.files import BROKEN
from dechaff.corpus.options import Options
from dechaff.corpus.readers import broken
from dechaff.corpus.readers.tables import chunks_of, seekable, without_rows
from dechaff.corpus.records import Chunk
from dechaff.corpus.shards import Shard
from dechaff.engines.extras import needs


def read(shard: Shard, options: Options) -> Iterator[Chunk]:
    """The rows of record batches `start` to `end`; `place` counts rows from 0, in each batch of a divided file."""
    pa = needs("pyarrow", "corpus")
    path = shard.files[0].path
    with seekable(path) as file:
        is_file = file.read(6) == b"ARROW1"
        file.seek(0)
        yield from records(pa.ipc.open_file(file) if is_file else pa.ipc.open_stream(file), path, shard, options)


def records(reader: Any, path: str, shard: Shard, options: Options) -> Iterator[Chunk]:
    """The chunks of a reader of Arrow's files or streams."""
    divided = hasattr(reader, "get_batch")
    last = reader.num_record_batches if divided and shard.end < 0 else shard.end
    number, row = shard.start, 0
    while not divided or number < last:
        place = f"{path}@{number}" if divided else path
        try:
            batch = reader.get_batch(number) if divided else reader.read_next_batch()
        except StopIteration:
            return
        except BROKEN as error:
            yield without_rows(broken(f"{place}@{row}", error, options), reader.schema, options)
            if not divided:
                return
        else:
            weight = shard.weight // max(last - shard.start, 1) if divided else 0
            yield from chunks_of(batch, place, row, options, weight)
            row += 0 if divided else batch.num_rows
        number += 1
