"""Charts, drawn as SVG and painted in a process of their own."""
