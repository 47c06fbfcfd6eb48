"""Spark: a data frame in, the same rows with their documents cleaned out, through `mapInArrow`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from dechaff import arrow
from dechaff.engines.batch import for_workers
from dechaff.engines.extras import needs

if TYPE_CHECKING:
    from typing_extensions import Unpack


def clean(frame: Any, **options: Unpack[arrow.Options]) -> Any:
    """Clean the documents of a `pyspark.sql.DataFrame`, lazily; gives a data frame with the schema of `arrow.schema`.

    Takes the options of `dechaff.arrow.clean_batches`. Raises at once `ValueError` where no column fits, `TypeError` on
    compiled patterns. dechaff and pyarrow must be installed where the workers run, and a `model` of your own must lie
    there under the same name. Pages are large: with the setting `spark.sql.execution.arrow.maxRecordsPerBatch` at 256
    instead of 10,000 a worker holds fewer of them.
    """
    types = needs("pyspark.sql.pandas.types", "spark")
    plain: Any = for_workers(options)
    after = arrow.schema(types.to_arrow_schema(frame.schema), **plain)
    # A partial of a function that workers import, so that nothing but the options travels.
    return frame.mapInArrow(partial(arrow.clean_batches, **plain), types.from_arrow_schema(after))
