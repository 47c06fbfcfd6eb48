"""dechaff inside the engines that process large corpora: `backend` (Dask, Ray), `spark`, `datatrove`."""
