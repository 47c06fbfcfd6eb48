"""Parquet files, some row groups at a time."""

from __future__ import annotations

from collections.abc import Iterator

from dechaff.corpus.files import BROKEN
from dechaff.corpus.options import Options
from dechaff.corpus.readers import broken
from dechaff.corpus.readers.tables import chunks_of, rows_at_once, seekable, without_rows
from dechaff.corpus.records import Chunk
from dechaff.corpus.shards import Shard
from dechaff.engines.extras import needs

#: Bytes of a column that are read from the file at once: a row group is never held as a whole.
_BUFFER = 1 << 20


def read(shard: Shard, options: Options) -> Iterator[Chunk]:
    """The rows of row groups `start` to `end`; `place` counts rows of the file from 0."""
    pq = needs("pyarrow.parquet", "corpus")
    path = shard.files[0].path
    with seekable(path) as file, pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False) as table:
        groups = [table.metadata.row_group(number) for number in range(table.metadata.num_row_groups)]
        end = len(groups) if shard.end < 0 else shard.end
        weight = shard.weight // max(sum(group.num_rows for group in groups[shard.start : end]), 1)
        for number in range(shard.start, end):
            row = sum(group.num_rows for group in groups[:number])
            last = row + groups[number].num_rows
            size = rows_at_once(groups[number].num_rows, groups[number].total_byte_size)
            try:
                for batch in table.iter_batches(size, row_groups=[number], use_threads=False):
                    yield from chunks_of(batch, path, row, options, weight * batch.num_rows)
                    row += batch.num_rows
            except BROKEN as error:
                record = broken(f"{path}@{row}", error, options, f"rows {row} to {last - 1}")
                yield without_rows(record, table.schema_arrow, options)
