"""Policy: who may order, import, test, install, operate, have serviced and rent what, when, and by which rule."""
