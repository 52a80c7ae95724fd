"""What a NumPy user writes for the near-field flux between two InAs half-spaces, 60 gaps x 41 biases: fixed Gauss panels in photon energy and wave vector, vectorised. usage: numpy_nearfield.py nw nk"""
import os, sys, tempfile, time, numpy as np
nw, nk = map(int, sys.argv[1:3])
hbarc, kB, wave = 1.973269804593025e-7, 8.617333262e-5, 1.239841984332e-4          # eV m, eV/K, eV cm
flux = 1.602176634e-19 * 1.519267447878626e15 / hbarc ** 2                          # eV^4 to W/m^2
T1, T2 = 300 * kB, 290 * kB
gaps, biases = np.geomspace(10e-9, 10e-6, 60), np.linspace(-0.3, 0.3, 41)
t0 = time.time()

def critical(w, g, a):
    x = w / g + 0j
    return a / g ** 1.5 * (2 - np.sqrt(1 + x) - np.where(w < g, np.sqrt(np.abs(1 - x)), -1j * np.sqrt(np.abs(x - 1)))) / x ** 2

def permittivity(w):
    L, T, g = 238.6 * wave, 217.3 * wave, 4 * wave
    edges = critical(w, .36, .61) + critical(w, .76, .305)
    return 10.78 * (w ** 2 - L ** 2 + 1j * g * w) / (w ** 2 - T ** 2 + 1j * g * w) + edges, edges.imag

def panels(cuts, n):
    x, c = np.polynomial.legendre.leggauss(n)
    a, b = np.array(cuts[:-1]), np.array(cuts[1:])
    return ((a + b)[:, None] / 2 + (b - a)[:, None] / 2 * x).ravel(), ((b - a)[:, None] / 2 * c).ravel()

cuts = [1e-5, .01, .02, .025, .0262, .0268, .0271, .0275, .028, .0284, .0286, .0287, .0288, .0289, .029, .0293, .0297, .031, .04, .08, .2, .36, .42, .5, .76, .9, 1.3]
w, cw = panels(cuts, max(2, nw // (len(cuts) - 1)))
eps, inter = permittivity(w)
share = np.where(w > .36, inter / eps.imag, 0)
xs, cs = panels([0, .5, 1], nk // 2)                                                # propagating: k = w sqrt(1 - q^2)
ys, cy = panels([-12, -6, -3, -1, 0, 1, 2, 3.2], nk // 7)                           # evanescent: kappa d = exp(y)

def transmission(k2, kz, q):
    """Sum over polarisations; q = exp(2 i kz d)."""
    inside = np.sqrt(eps[:, None] * w[:, None] ** 2 - k2)
    inside = np.where(inside.imag < 0, -inside, inside)
    total = 0
    for r in ((kz - inside) / (kz + inside), (eps[:, None] * kz - inside) / (eps[:, None] * kz + inside)):
        top = (1 - abs(r) ** 2) ** 2 if abs(kz.imag).max() == 0 else 4 * r.imag ** 2 * q
        total = total + top / abs(1 - r ** 2 * q) ** 2
    return total

J = np.empty((60, 41))
n = lambda nu, T: 1 / np.expm1((w[:, None] - nu) / T)
for i, d in enumerate(gaps / hbarc):
    kz = w[:, None] * xs + 0j
    phi = (transmission(w[:, None] ** 2 - kz.real ** 2, kz, np.exp(2j * kz * d)) * kz.real * w[:, None]) @ cs
    kappa = np.exp(ys)[None] / d + 0 * w[:, None]
    phi = phi + (transmission(w[:, None] ** 2 + kappa ** 2, 1j * kappa, np.exp(-2 * kappa * d)) * kappa ** 2) @ cy
    phi = phi / (2 * np.pi) * w * cw / (2 * np.pi)
    nu = np.where(w[:, None] > .36, biases[None], 0)
    J[i] = flux * phi @ (n(0, T1) - share[:, None] * n(nu, T2) - (1 - share[:, None]) * n(0, T2))
print('states', J.size, 'nw', len(w), 'nk', len(xs) + len(ys), '%.3f s' % (time.time() - t0), J[0, 0], J[-1, -1])
np.save(os.path.join(tempfile.gettempdir(), 'nearfield_%d.npy' % nw), J)
