"""The double dot as a page of Dash that calls NumPy: what `pairbath explore` is measured beside. explorer_dash.py PORT"""

import sys

import numpy as np
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html

ENERGIES = np.linspace(-30.0, 50.0, 4001)
WIDTH, COUPLING, QUANTUM = 0.5, 0.5, 1.0


def bose(x):
    return 1.0 / np.expm1(x)


def energy_current(mu, dT):
    """Energy from the electrons into a sharp mode, for arrays of states: emission less absorption by pairs L>R and R>L."""
    mu, dT = np.broadcast_arrays(np.asarray(mu, float), np.asarray(dT, float))
    hot, cold = 1.0 + dT / 2, 1.0 - dT / 2
    total = np.zeros(mu.shape)
    spectral = [WIDTH / ((ENERGIES - level) ** 2 + WIDTH**2 / 4) for level in (10.5, 9.5)]
    shifted = [WIDTH / ((ENERGIES - QUANTUM - level) ** 2 + WIDTH**2 / 4) for level in (10.5, 9.5)]
    fermi = 1.0 / (np.exp(np.clip((ENERGIES - mu[..., None]) / hot[..., None], -700, 700)) + 1)
    lower = 1.0 / (np.exp(np.clip((ENERGIES - QUANTUM - mu[..., None]) / hot[..., None], -700, 700)) + 1)
    for first, second in ((0, 1), (1, 0)):
        pairs = np.trapezoid(spectral[first] * shifted[second] * (lower - fermi), ENERGIES, axis=-1) / (2 * np.pi)
        total += QUANTUM * COUPLING**2 * pairs * (bose(QUANTUM / hot) - bose(QUANTUM / cold))
    return total


def main():
    app = Dash(__name__)
    app.layout = html.Div([
        dcc.Slider(9, 13, 0.05, value=10, id="mu", updatemode="drag", marks=None), dcc.Graph(id="curve"), html.Button("map", id="go"), dcc.Graph(id="map")])

    @app.callback(Output("curve", "figure"), Input("mu", "value"))
    def curve(mu):
        dT = np.linspace(-1.8, 1.8, 200)
        return go.Figure(go.Scatter(x=dT, y=energy_current(mu, dT)), layout={"transition": {"duration": 0}})

    @app.callback(Output("map", "figure"), Input("go", "n_clicks"), prevent_initial_call=True)
    def picture(_):
        mu, dT = np.linspace(9, 13, 201), np.linspace(-1.8, 1.8, 201)
        rows = [energy_current(m, dT) for m in mu]
        return go.Figure(go.Heatmap(x=dT, y=mu, z=np.array(rows)))

    app.run(port=int(sys.argv[1]), debug=False)


if __name__ == "__main__":
    main()
