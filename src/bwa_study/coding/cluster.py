"""The workers of a Dask cluster, one that runs or one that is started here, and what goes wrong with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from bwa_study.model.errors import WrongCall

WAIT = 15
"""Seconds that a scheduler has to answer, and to have a worker."""

Found = TypeVar("Found")


@contextmanager
def local_environment() -> Iterator[None]:
    """Workers that are started on this machine keep the memory of temporary arrays, and use one core each."""
    import dask

    environment = dict(dask.config.get("distributed.nanny.pre-spawn-environ"))
    environment.pop("MALLOC_TRIM_THRESHOLD_", None)  # else every temporary array is given back to the system
    with dask.config.set({"distributed.nanny.pre-spawn-environ": environment}):
        yield


@contextmanager
def cluster(address: str = "", workers: int = 0) -> Iterator[Any]:
    """A client of the cluster at `address`; without one, of `workers` that are started here, or of one a core.

    Raises
    ------
    WrongCall
        If dask.distributed is not installed, nothing answers at the address, or no worker is there.
    """
    try:
        import distributed
    except ImportError:
        raise WrongCall("engine 'dask' needs dask.distributed — install bwa-study[cluster]") from None
    known: Any = distributed
    with ExitStack() as opened:
        if address:
            client = opened.enter_context(_client_at(known, address))
        else:
            opened.enter_context(local_environment())
            number = workers or os.cpu_count()
            started = known.LocalCluster(n_workers=number, threads_per_worker=1, dashboard_address=None)
            client = opened.enter_context(known.Client(opened.enter_context(started)))
        yield client


def _client_at(distributed: Any, address: str) -> Any:
    mend = "give the address that 'dask scheduler' prints, such as tcp://10.0.0.1:8786"
    try:
        client = distributed.Client(address, timeout=WAIT)
    except (OSError, ValueError) as fault:
        reason = str(fault) if isinstance(fault, ValueError) else f"nothing answered in {WAIT} s"
        raise WrongCall(f"no Dask scheduler at '{address}' ({reason}) — {mend}") from None
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError:
        client.close()
        raise WrongCall(f"the Dask scheduler at '{address}' has no worker — start some with 'dask worker'") from None
    return client


def results(client: Any, call: Callable[..., Found], tasks: Sequence[tuple[object, ...]]) -> Iterator[Found]:
    """What `call` gives for each task, as they are done; the tasks of a worker that is lost are done by another.

    Raises
    ------
    WrongCall
        If workers die of a task again and again, lack this package, or cannot read or write a file.
    """
    import distributed

    known: Any = distributed
    waiting = [client.submit(call, *task, pure=False, retries=3) for task in tasks]
    try:
        for future in known.as_completed(waiting):
            yield future.result()
    except known.KilledWorker:
        mend = "give the workers more memory, or write the corpus with smaller row groups (write_corpus, row_group)"
        raise WrongCall(f"one task after the other killed its worker — {mend}") from None
    except ImportError as fault:
        raise WrongCall(f"a worker says: {fault} — install the same version of bwa-study on every worker") from None
    except OSError as fault:
        mend = "every worker must see the corpus and the folder of the codings under the same paths"
        raise WrongCall(f"a worker says: {fault} — {mend}") from None
