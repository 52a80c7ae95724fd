"""What people see: text, tables and pictures of junctions."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

import pairbath


def test_text_and_html_say_what_a_junction_is(dots):
    junction = dots.with_(V=0.6, mu=10)
    text = repr(junction)
    assert "electrode L: wide-band" in text and "modes: 1 at 1" in text
    page = junction._repr_html_()
    assert "L&gt;R" in page and ">0.6<" in page
    picture = re.search(r"<svg.*</svg>", page).group(0)
    root = ElementTree.fromstring(picture)
    assert len(root.findall("line")) == 1 + 5  # zero, four pair baths, one bath


def test_names_cannot_inject_markup():
    junction = pairbath.loads("title: <script>alert(1)</script>\nunits: natural\nconductor: {energies: [0.1]}\nelectrodes: {L: {kind: wide-band, orbitals: [0], broadening: 1}}\nstate: {chemical_potential: 0, temperature: 1}\n")
    assert "<script" not in junction._repr_html_()


def test_pair_baths_have_no_temperature_where_electrodes_differ(dots):
    pairs = dots.pair_baths(T={"L": 1.0, "R": 2.0, "ph": 1.0}, mu=10, V=0.4)
    assert float(pairs["pair_chemical_potential"].sel(channel="R>L")) == pytest.approx(-0.4, abs=1e-14)
    assert float(pairs["pair_temperature"].sel(channel="L>L")) == 1.0
    assert pairs["pair_temperature"].sel(channel="L>R").isnull()
