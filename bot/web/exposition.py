"""Write metrics in the text format that Prometheus reads."""

from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from bot.metrics import Histogram, Metric

_Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


class _Collected(Collector):
    """What was measured, as the library wants to be given it."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[_Family]:
        return map(_family, self._metrics)


def _family(metric: Metric) -> _Family:
    labels = sorted({label for label_values, _ in metric.samples for label in label_values})
    family: _Family
    if metric.kind == "histogram":
        family = HistogramMetricFamily(metric.name, metric.meaning, labels=labels)
    elif metric.kind == "counter":
        family = CounterMetricFamily(metric.name, metric.meaning, labels=labels)
    else:
        family = GaugeMetricFamily(metric.name, metric.meaning, labels=labels)
    for values, value in metric.samples:
        at = [values[label] for label in labels]
        if isinstance(family, HistogramMetricFamily) and isinstance(value, Histogram):
            family.add_metric(at, value.buckets(), value.sum)
        elif isinstance(family, HistogramMetricFamily) or isinstance(value, Histogram):
            raise TypeError(f"{metric.name}: a histogram has histograms as its samples, and nothing else has")
        else:
            family.add_metric(at, value)
    return family


def exposition(metrics: Sequence[Metric], accept: str) -> tuple[bytes, str]:
    """Return these metrics and those of the process, and the media type; `accept` is the reader's header."""
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    registry.register(_Collected(metrics))
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type
