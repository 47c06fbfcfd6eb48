"""Spark: a data frame in, the same rows with their documents cleaned out, through `mapInArrow`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from dechaff import arrow
from dechaff.engines.extras import needs

if TYPE_CHECKING:
    from typing_extensions import Unpack


def clean(frame: Any, **options: Unpack[arrow.Options]) -> Any:
    """Clean the documents of a `pyspark.sql.DataFrame`, lazily; gives a data frame with the schema of `arrow.schema`.

    Takes the options of `dechaff.arrow.clean_batches` and raises `ValueError` at once where no column fits. dechaff
    and pyarrow must be installed where the workers run. Pages are large: with the setting
    `spark.sql.execution.arrow.maxRecordsPerBatch` at 256 instead of 10,000 a worker holds fewer of them.
    """
    types = needs("pyspark.sql.pandas.types", "spark")
    after = arrow.schema(types.to_arrow_schema(frame.schema), **options)
    # A partial of a function that workers import, so that nothing but the options travels.
    return frame.mapInArrow(partial(arrow.clean_batches, **options), types.from_arrow_schema(after))
