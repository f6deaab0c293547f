from __future__ import annotations

import socket
from types import SimpleNamespace

import pytest

import bwa_study as bwa
from bwa_study.coding import cluster as clusters
from bwa_study.coding.cluster import cluster, results


@pytest.fixture(autouse=True)
def little_patience(monkeypatch):
    monkeypatch.setattr(clusters, "WAIT", 0.5)


@pytest.fixture(scope="module")
def client():
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as started,
        Client(started) as connected,
    ):
        yield connected


def test_an_address_that_is_none_is_refused():
    with (
        pytest.raises(bwa.BwaError, match=r"no Dask scheduler at 'foo' \(missing port number") as fault,
        cluster("foo"),
    ):
        pass
    assert str(fault.value).endswith("give the address that 'dask scheduler' prints, such as tcp://10.0.0.1:8786")


def test_an_address_where_nothing_answers_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with (
            pytest.raises(bwa.BwaError, match=rf"no Dask scheduler at '{address}' \(nothing answered"),
            cluster(address),
        ):
            pass


def test_a_scheduler_without_workers_is_refused():
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, processes=False, dashboard_address=None, scheduler_port=0) as started:
        address = started.scheduler_address
        with pytest.raises(bwa.BwaError, match=f"'{address}' has no worker — start some"), cluster(address):
            pass


def test_results_come_from_every_task(client):
    assert sorted(results(client, divmod, [(7, 2), (9, 4)])) == [(2, 1), (3, 1)]


def unreadable(path):
    raise FileNotFoundError(2, "No such file or directory", path)


def test_a_file_that_a_worker_does_not_see_is_named(client):
    with pytest.raises(bwa.BwaError, match="No such file or directory: '/data/c.parquet' — every worker must see"):
        list(results(client, unreadable, [("/data/c.parquet",)]))


def unknown_here():
    raise ModuleNotFoundError("No module named 'bwa_study'")


def test_a_worker_without_this_package_is_told_of(client):
    with pytest.raises(bwa.BwaError, match="No module named 'bwa_study' — install the same version of bwa-study"):
        list(results(client, unknown_here, [()]))


def deadly():
    from distributed import KilledWorker

    raise KilledWorker("code_part-1", SimpleNamespace(address="tcp://10.0.0.2:4000"), 3)


def test_a_task_that_kills_its_workers_is_told_of(client):
    with pytest.raises(bwa.BwaError, match="killed its worker — give the workers more memory"):
        list(results(client, deadly, [()]))
