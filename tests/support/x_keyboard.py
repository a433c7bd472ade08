"""Gives the keyboard to a window, which on a screen without a window manager nobody else does."""

from __future__ import annotations

import ctypes

REVERT_TO_PARENT, CURRENT_TIME = 2, 0


def give_keyboard(display: str) -> bool:
    """Focus the largest window on `display`. False: there is none yet that takes it."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    opened = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    try:
        largest, least_side = 0, 100
        for window in _windows(x11, opened):
            side = _least_side(x11, opened, window)
            if side > least_side:
                largest, least_side = window, side
        if largest:
            x11.XSetInputFocus(opened, ctypes.c_ulong(largest), REVERT_TO_PARENT, CURRENT_TIME)
            x11.XSync(opened, 0)
        return bool(largest)
    finally:
        x11.XCloseDisplay(opened)


def _windows(x11: ctypes.CDLL, opened: ctypes.c_void_p) -> list[int]:
    root, parent, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
    children = ctypes.POINTER(ctypes.c_ulong)()
    top = ctypes.c_ulong(x11.XDefaultRootWindow(opened))
    x11.XQueryTree(opened, top, ctypes.byref(root), ctypes.byref(parent), ctypes.byref(children), ctypes.byref(count))
    found = [children[place] for place in range(count.value)]
    if found:
        x11.XFree(children)
    return found


def _least_side(x11: ctypes.CDLL, opened: ctypes.c_void_p, window: int) -> int:
    root, across, down = ctypes.c_ulong(), ctypes.c_int(), ctypes.c_int()
    width, height, border, depth = (ctypes.c_uint() for _ in range(4))
    x11.XGetGeometry(
        opened, ctypes.c_ulong(window), ctypes.byref(root), ctypes.byref(across), ctypes.byref(down),
        ctypes.byref(width), ctypes.byref(height), ctypes.byref(border), ctypes.byref(depth),
    )  # fmt: skip
    return min(width.value, height.value)
