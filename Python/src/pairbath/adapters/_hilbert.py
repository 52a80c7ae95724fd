"""Operators of orbitals and modes in QuTiP: Jordan-Wigner fermions first, then oscillators."""

from __future__ import annotations


def fermions(qutip, count, levels, modes):
    """Annihilators of `count` fermions: sigma_z on those before, so that they anticommute. Shape 2^count levels^modes."""
    lower, parity, one = qutip.basis(2, 0) * qutip.basis(2, 1).dag(), qutip.sigmaz(), qutip.qeye(2)
    rest = [qutip.qeye(levels)] * modes
    return [qutip.tensor([parity] * i + [lower] + [one] * (count - i - 1) + rest) for i in range(count)]


def oscillators(qutip, count, levels, modes):
    """Annihilators of the modes, `levels` states each."""
    one = [qutip.qeye(2)] * count
    return [
        qutip.tensor(one + [qutip.qeye(levels)] * k + [qutip.destroy(levels)] + [qutip.qeye(levels)] * (modes - k - 1)) for k in range(modes)
    ]
