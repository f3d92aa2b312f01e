"""Simulated town planning: software that only knows files, dropped and returned by SFTP."""
