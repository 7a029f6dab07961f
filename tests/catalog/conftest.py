"""A tiny catalog on disk, and the shipped one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.catalog.load import Catalog, load_catalog

TINY = {
    "sources.yaml": """\
sources:
  - {id: vendor-page, title: Product page, ref: "https://example.com", date: 2026-01}
  - {id: press, title: A report}
""",
    "vendors.yaml": """\
vendors:
  - {id: acme, name: Acme, country: CN, aliases: [Acme Corp]}
  - {id: globex, name: Globex, country: US}
""",
    "platforms.yaml": """\
platforms:
  - {id: soft, name: Soft}
""",
    "accelerators/acme.yaml": """\
accelerators:
  - id: acme-one
    name: One
    vendor: acme
    aliases: [One]
    country_of_design: CN
    us_controlled: false
    platform: soft
    released: {value: 2025-03, source: press, confidence: press}
    peak:
      bf16: {value: 400 TFLOP/s, source: vendor-page, confidence: vendor}
      int8: {value: 800 TFLOP/s, source: vendor-page, confidence: vendor}
    memory: {value: 64 GB, source: vendor-page, confidence: vendor}
    memory_bandwidth: {value: 1.6 TB/s, source: vendor-page, confidence: vendor}
    tdp: {value: 500 W, source: vendor-page, confidence: vendor}
    die_area: {value: 800 mm2, source: vendor-page, confidence: vendor}
    scale_up_bandwidth: {value: 200 GB/s, source: vendor-page, confidence: vendor}
    scale_up_domain: {value: 8, source: vendor-page, confidence: vendor}
    price: {low: 90000 CNY, mid: 100000 CNY, high: 120000 CNY, source: press, confidence: press}
    components: {hbm_stack: 4}
    quoted_tpp: 6400
  - id: globex-two
    name: Two
    vendor: globex
    aliases: [Two]
    country_of_design: US
    us_controlled: true
    platform: soft
    peak:
      fp8: {value: 2 PFLOP/s, source: vendor-page, confidence: vendor}
    memory: {value: 96 GB, source: vendor-page, confidence: vendor}
    memory_bandwidth: {value: 4 TB/s, source: vendor-page, confidence: vendor}
    io_bandwidth: {value: 900 GB/s, source: vendor-page, confidence: vendor}
    price: {value: 20000 USD, source: press, confidence: press}
""",
    "systems/acme.yaml": """\
systems:
  - id: acme-server
    name: Server of eight
    vendor: acme
    accelerator: acme-one
    accelerators: 8
    class: server
    fabrics: [ether]
    power: {value: null, source: vendor-page, confidence: vendor, note: not disclosed}
    racks: {value: 0.25, source: press, confidence: press}
    components: {nic: 8}
  - id: acme-pod
    name: Pod
    vendor: acme
    accelerator: acme-one
    accelerators: 64
    class: supernode
    cooling: liquid
    fabrics: [ether]
    scale_up_domain: {value: 64, source: vendor-page, confidence: vendor}
    max_cluster: {value: 4096, source: vendor-page, confidence: vendor}
    power: {low: 50 kW, mid: 60 kW, high: 80 kW, source: press, confidence: press}
    racks: {value: 4, source: vendor-page, confidence: vendor}
    price: {value: 9 million CNY, source: press, confidence: press}
    lead_time: {value: 200 days, source: press, confidence: press}
""",
    "fabrics.yaml": """\
fabrics:
  - id: ether
    name: Ethernet
    port: {value: 400 Gbit/s, source: vendor-page, confidence: vendor}
    latency: {value: 5 us, source: vendor-page, confidence: vendor}
    tiers:
      - endpoints: {value: 64, source: vendor-page, confidence: vendor}
        cost_per_endpoint: {value: 1000 USD, source: press, confidence: press}
      - endpoints: {value: 2048, source: vendor-page, confidence: vendor}
        cost_per_endpoint: {value: 2000 USD, source: press, confidence: press}
""",
    "regions.yaml": """\
regions:
  - id: north
    name: North
    country: CN
    tariff: {low: 0.3 CNY/kWh, mid: 0.4 CNY/kWh, high: 0.5 CNY/kWh, source: press, confidence: press}
    carbon: {value: 0.6 kg/kWh, source: press, confidence: press}
    pue: {air: {value: 1.4, source: press, confidence: press}}
""",
    "assumptions.yaml": """\
assumptions:
  - id: bf16-half-of-fp8
    fills: accelerator.peak.bf16
    formula: peak.fp8 / 2
    basis: ratio elsewhere
  - id: server-power
    fills: system.power
    when: {class: server}
    formula: accelerators * accelerator.tdp + overhead
    parameters: {overhead: {low: 3 kW, mid: 4 kW, high: 6 kW}}
    basis: servers like it
  - id: server-cooling
    fills: system.cooling
    when: {class: server}
    text: air
    basis: usual
  - id: server-price
    fills: system.price
    formula: accelerators * accelerator.price * factor
    parameters: {factor: {low: 1.1, mid: 1.3, high: 1.5}}
    basis: servers like it
  - id: pod-price-band
    fills: system.price
    to: point
    when: {confidence: [press]}
    formula: value * band
    parameters: {band: {low: 0.7, mid: 1.0, high: 1.3}}
    basis: press prices
  - id: links
    fills: system.scale_up_bandwidth
    kind: derived
    formula: accelerator.scale_up_bandwidth
    basis: those of its accelerator
  - id: domain
    fills: system.scale_up_domain
    kind: derived
    formula: min(accelerators, accelerator.scale_up_domain)
    basis: its own
  - {id: ports, fills: system.scale_out_bandwidth, kind: derived, formula: fabric.port, basis: one port each}
  - {id: reach, fills: system.max_cluster, kind: derived, formula: fabric.reach, basis: the fabric}
  - {id: hop, fills: system.scale_up_latency, low: 0.5 us, mid: 1 us, high: 2 us, basis: usual}
  - {id: net, fills: system.scale_out_latency, kind: derived, formula: fabric.latency, basis: the fabric}
  - {id: lead-import, fills: system.lead_time, when: {origin: imported}, value: 3 quarters, basis: licences}
  - {id: lead-home, fills: system.lead_time, low: 1 quarter, mid: 2 quarters, high: 3 quarters, basis: usual}
  - {id: pue-liquid, fills: region.pue.liquid, low: 1.05, mid: 1.15, high: 1.25, basis: guides}
  - {id: pue-immersion, fills: region.pue.immersion, value: 1.05, basis: guides}
  - {id: build, fills: region.facility_capex, when: {country: CN}, value: 7000 USD/kW, basis: an index}
  - id: endpoint-power
    fills: fabric.power_per_endpoint
    formula: port * rate
    parameters: {rate: 1 W}
    basis: optics
  - {id: upkeep, name: Maintenance, low: 2 %/yr, mid: 3 %/yr, high: 5 %/yr, basis: contracts}
""",
    "aliases.yaml": """\
aliases:
  Everything: [acme-one, globex-two]
""",
}

type Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files of a catalog folder (name: text) and returns the folder."""

    def make(folder: str = "mine", /, **files: str) -> Path:
        root = tmp_path / folder
        root.mkdir(exist_ok=True)
        for name, text in files.items():
            (root / f"{name}.yaml").write_text(text)
        return root

    return make


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The folder of the tiny catalog."""
    root = tmp_path / "tiny"
    for name, text in TINY.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def catalog(tiny: Path) -> Catalog:
    """The tiny catalog."""
    return load_catalog([tiny])


@pytest.fixture(scope="session")
def shipped() -> Catalog:
    """The catalog that comes with the program."""
    return load_catalog()
