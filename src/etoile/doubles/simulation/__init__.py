"""What the simulated applications share: a memory on disk, a page, a way to publish to the hub, controls."""
