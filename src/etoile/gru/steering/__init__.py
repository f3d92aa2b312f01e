"""What a service reads of its own work: volumes, ages, delays. Figures counted by the worker, never while one waits."""
