"""Every text and keyboard that people see."""
